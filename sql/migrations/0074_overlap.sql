-- 0074 overlap: who holds two benefits in the same months, and how many do, by place; made by the clock beside intake
-- Phase: before the code.
-- Months are numbers, year * 12 + month - 1, ends included. How both tables are made: sql/queries/overlap.sql.
create table watch.overlap (                                 -- two benefits of one human, and months in which one row of the matrix holds
    person_key text not null, programme_a text not null, programme_b text not null, benefit_a text not null, benefit_b text not null,
    region_a text, region_b text, fen bigint,                -- the lesser of both a month; null: an amount is not known
    from_month int not null, to_month int not null,
    effect text not null, basis text,                        -- exclusive, top_up, coexist; open: no row is about them
    primary key (person_key, benefit_a, benefit_b, from_month));
create index overlap_pair on watch.overlap (programme_a, programme_b, effect);
-- People who hold both in a time [first, last] are the sum of n where from_month <= last and to_month >= first: one for each stretch of
-- a human's months that touches the time, less one for each gap between two that do. So any time is counted exactly, without the people.
create table watch.overlap_count (
    region_code text not null,                               -- and all below it; '': everything
    programme_a text not null, programme_b text not null,    -- programme_b '': all pairs of one programme, both '': all pairs
    effect text not null,                                    -- '': whatever it is
    from_month int not null, to_month int not null, n bigint not null,
    primary key (region_code, programme_a, programme_b, effect, from_month, to_month) include (n));

create view seen.overlap with (security_barrier) as select * from watch.overlap t
    where (select access.everywhere()) or t.region_a in (select region_code from access.here) or t.region_b in (select region_code from access.here);
create view seen.overlap_count with (security_barrier) as select * from watch.overlap_count t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
grant select, insert, update, delete on watch.overlap, watch.overlap_count to aidwatch_worker;
grant select on seen.overlap, seen.overlap_count, facts.exclusion to aidwatch_console;
