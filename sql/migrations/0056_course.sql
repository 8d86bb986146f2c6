-- 0056 course: the way each application took, kept beside the facts and written by the clock (intake pays nothing for it)
-- Phase: before the code.
-- A variant is a way through a prescribed path: its steps in the order they were taken. It is judged once, by
-- monitors.indicators.conformance; few variants carry many applications.
create table watch.variant (
    variant_id int generated always as identity primary key,
    key text not null unique,                                 -- digest of the three below
    stages text[],                                            -- the prescribed order; null where no path is prescribed
    required text[] not null,                                 -- those of its steps these cases may not skip
    trace text[] not null,                                    -- the steps taken that the path names, and how it ended without a decision
    fits boolean,                                             -- null: unknown (no step on record, or no path)
    skipped text[], reversed text[], repeated text[]);        -- null until judged
create table watch.course (
    application_id text primary key, region_code text, unit_code text, programme text, path text,
    begun_at timestamptz not null,                            -- applied, else the first step, else reported
    variant_id int not null,
    late boolean not null default false,                      -- a yellow or red card of the clock of a stage
    backdated boolean not null default false,                 -- P21 found a step entered long after it is said to have happened
    digest bigint not null);                                  -- of the records it was made from: another one means it must be made again
create index course_begun on watch.course (begun_at);        -- page Procedure: a time looked at
create table watch.counted (                                  -- what regular computations last said of themselves
    name text primary key, at timestamptz not null, told jsonb not null);

create view seen.course with (security_barrier) as select * from watch.course t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.variant as select variant_id, stages, required, trace, fits, skipped, reversed, repeated from watch.variant;

grant select, insert, update, delete on watch.variant, watch.course, watch.counted to aidwatch_worker;
grant select on seen.course, seen.variant, watch.counted to aidwatch_console;
