-- 0057 forecast: the chance of a card on each running clock, as told on a day; an order of work, never a finding
-- Phase: before the code.
create table watch.forecast (
    made_on date not null, application_id text not null, rule text not null, item text not null default '',
    region_code text, unit_code text, programme text, path text,
    state text not null,                                      -- the last step on record
    state_since timestamptz not null, started_at timestamptz not null,
    yellow_at timestamptz not null, red_at timestamptz,
    days_left int not null,                                   -- working days to the last one in time; negative: past it
    yellow_share float8 not null, red_share float8,           -- chances, 0 to 1; 1 where the instant has passed
    cause text not null, cause_share float8 not null,         -- where those who are late are when the limit passes, and how many of them
    cases int not null,                                       -- of the past it rests on
    primary key (made_on, application_id, rule, item));
create view seen.forecast with (security_barrier) as select * from watch.forecast t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
grant select, insert, update, delete on watch.forecast to aidwatch_worker;
grant select on seen.forecast to aidwatch_console;
