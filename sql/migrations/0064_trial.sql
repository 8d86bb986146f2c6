-- 0064 trial: what a rule would find with other limits, asked for by a rule owner, worked out by a job; nothing of it is in force
-- Phase: before the code.
create table watch.rule_trial (
    id bigint generated always as identity primary key, file text not null, rule_version int not null, who text not null,
    asked_at timestamptz not null default now(),
    given jsonb not null check (jsonb_typeof(given) = 'object' and octet_length(given::text) <= 8000),   -- parameter → value, as typed
    state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
    begun_at timestamptz, ended_at timestamptz,
    fault text check (fault in ('refused', 'too_slow', 'stopped')), result jsonb,
    check ((state = 'done') = (result is not null) and (state = 'failed') = (fault is not null)));
create index rule_trial_file on watch.rule_trial (file, id desc);                                       -- the page of a rule
create index rule_trial_queued on watch.rule_trial (id) where state = 'queued';                         -- the job
-- A result counts findings of every county: it is for those who see them all.
alter table watch.rule_trial enable row level security;
create policy machine on watch.rule_trial to aidwatch_worker using (true) with check (true);
create policy people on watch.rule_trial to aidwatch_console
    using ((select access.everywhere()) and (select access.unit()) is null)
    with check ((select access.everywhere()) and (select access.unit()) is null);
grant select, update, delete on watch.rule_trial to aidwatch_worker;
grant select, insert (file, rule_version, who, given) on watch.rule_trial to aidwatch_console;
