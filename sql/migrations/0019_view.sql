-- 0019 view: addresses people keep, and those they share
-- Phase: before the code.
create table access.saved_view (
    id bigint generated always as identity primary key, account text not null references access.account(name) on delete cascade,
    name text not null check (length(name) between 1 and 60), address text not null check (address like '/%' and length(address) <= 2000),
    is_shared boolean not null, at timestamptz not null default now(), unique (account, name));
create index saved_view_shared on access.saved_view (name) where is_shared;
grant select, insert, update, delete on access.saved_view to aidwatch_console;
