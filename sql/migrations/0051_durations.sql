-- 0051 durations: how long each step of each case took, the histograms they add up to, and the limits that are running
-- Phase: before the code.
create table watch.passage (                                 -- a case's way from one step to the next; nth 0 is the whole (to_stage WHOLE)
    application_id text not null, nth int not null, from_stage text not null, to_stage text not null,
    from_at timestamptz not null, at timestamptz not null, week date not null,               -- the Monday of the day it ended
    region_code text not null, unit_code text not null, programme text not null,             -- '': not known
    working_days int, calendar_days int not null, late boolean, again boolean not null,      -- late null: no limit that anybody judges
    primary key (application_id, nth));
create index passage_place on watch.passage (region_code, to_stage, week);                   -- the cases behind a number
create index passage_unit on watch.passage (unit_code, to_stage, week);

-- Passages counted. A histogram is one number, twelve decimal digits for each bin: sum() adds histograms up
-- (docs/decisions/0013). Rows of a unit hold what was applied for in this very region, rows of unit_code '*' what was applied
-- for below it; programme '*' is all programmes, and region_code '' with unit '*' is everything.
create table watch.duration (
    region_code text not null, unit_code text not null, programme text not null, week date not null,
    from_stage text not null, to_stage text not null,
    n bigint not null, limited bigint not null, late bigint not null, again bigint not null,
    working numeric not null, calendar numeric not null,
    primary key (region_code, unit_code, programme, week, from_stage, to_stage));
create index duration_unit on watch.duration (unit_code, week) where unit_code <> '*';
create index duration_own on watch.duration (region_code, week) where unit_code <> '*';

create table watch.duration_due (                            -- cases to be counted anew; '': the region tree changed
    id bigint generated always as identity primary key, application_id text not null);
create table watch.duration_run (                            -- the nightly full count: what it found different, and mended
    id bigint generated always as identity primary key, at timestamptz not null default now(),
    passages bigint not null, drift bigint not null, seconds double precision not null);

create table watch.open_clock (                              -- limits not met yet, as the rule that judges them last said
    file text not null, rule text not null, subject_key text not null, item text not null, region_code text, unit_code text,
    notice_at timestamptz, yellow_at timestamptz not null, red_at timestamptz, evidence jsonb not null,
    primary key (subject_key, rule, item));
create index open_clock_due on watch.open_clock (yellow_at);
create index open_clock_file on watch.open_clock (file, subject_key);
create index open_clock_region on watch.open_clock (region_code, yellow_at);

-- Whole days to 60 (the longest limit of the law is 45 working days, 民发〔2022〕83号 四(一)); then 5, 10, 30 days a bin.
-- The same bins stand in monitors/indicators/histogram.py; a test holds them together.
create function watch.day_bin(days int) returns int language sql immutable parallel safe as $$
    select case when days <= 60 then greatest(days, 0) when days <= 120 then 60 + (days - 56) / 5
        when days <= 240 then 72 + (days - 111) / 10 when days <= 720 then 84 + (days - 211) / 30 else 101 end
$$;
create function watch.one_of(days int) returns numeric language sql immutable parallel safe as $$
    select case when days is null then 0 else cast('1e' || 12 * watch.day_bin(days) as numeric) end
$$;

create view seen.passage with (security_barrier) as select * from watch.passage t
    where ((select access.everywhere()) or t.region_code in (select region_code from access.here))
        and ((select access.unit()) is null or t.unit_code = (select access.unit()));
create view seen.duration with (security_barrier) as select * from watch.duration t
    where ((select access.everywhere()) or t.region_code in (select region_code from access.here))
        and ((select access.unit()) is null or t.unit_code = (select access.unit()));
create view seen.open_clock with (security_barrier) as select * from watch.open_clock t
    where ((select access.everywhere()) or t.region_code in (select region_code from access.here))
        and ((select access.unit()) is null or t.unit_code = (select access.unit()));

grant select, insert, update, delete on watch.passage, watch.duration, watch.duration_due, watch.duration_run, watch.open_clock
    to aidwatch_worker;
grant usage on all sequences in schema watch to aidwatch_worker;
grant select on seen.passage, seen.duration, seen.open_clock, watch.duration_run to aidwatch_console;
grant execute on function watch.day_bin(int), watch.one_of(int) to aidwatch_worker;
-- What was there before the tables is counted by the evaluator when it starts.
insert into watch.duration_due (application_id) select application_id from store.application;
