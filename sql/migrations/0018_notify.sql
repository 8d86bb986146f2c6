-- 0018 notify: who is told what, over which channel, and what was delivered
-- Phase: before the code.
create table access.subscription (
    id bigint generated always as identity primary key,
    account text not null references access.account(name) on delete cascade,   -- nobody is told what they may not see
    channel_sealed bytea not null, channel_mask text not null,                 -- an address of Apprise; it may hold a password
    lang text not null check (lang in ('zh', 'en')),
    topics text[] not null check (topics <@ array['cards', 'tasks', 'answers', 'escalations'] and topics <> '{}'),
    cards text[] not null check (cards <@ array['notice', 'yellow', 'red']),
    digest_min int not null check (digest_min between 0 and 1440),             -- minutes that news may wait for other news
    quiet_from time, quiet_to time, check ((quiet_from is null) = (quiet_to is null)),
    created_at timestamptz not null default now(), created_by text not null,
    test_wanted_at timestamptz, last_ok_at timestamptz, failing_since timestamptz, last_error text, tries int not null default 0,
    next_try_at timestamptz);
create index subscription_account on access.subscription (account);
create table watch.notified (singleton boolean primary key default true check (singleton), at timestamptz not null);  -- looked so far
create table watch.delivery (
    subscription_id bigint references access.subscription on delete cascade, event_id bigint,   -- of watch.finding_event
    at timestamptz not null default now(), sent_at timestamptz, given_up_at timestamptz, primary key (subscription_id, event_id));
create index delivery_waiting on watch.delivery (subscription_id, at) where sent_at is null and given_up_at is null;
create index delivery_old on watch.delivery (at);
create index finding_event_known on watch.finding_event using brin (known_at);   -- written in the order of this time

grant select, update on access.subscription to aidwatch_worker;
grant select on access.account to aidwatch_worker;
grant select, insert, update, delete on watch.delivery, watch.notified to aidwatch_worker;
grant select, insert, delete on access.subscription to aidwatch_console;
grant update (test_wanted_at) on access.subscription to aidwatch_console;
grant select on watch.delivery to aidwatch_console;
grant insert on watch.finding_event to aidwatch_worker;
