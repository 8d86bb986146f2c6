-- 0097 visited: the last visit of each household is made by the clock, not looked for a quarter of a million times when somebody reads
-- Phase: with the code.
create table watch.visited (
    household_id text primary key, region_code text, visit_id text not null, kind text, risk text, visited_at timestamptz not null);
create index visited_place on watch.visited (region_code) include (risk, visited_at);
create or replace view seen.visited with (security_barrier) as
select t.household_id, t.region_code, t.visit_id, t.kind, t.risk, t.visited_at from watch.visited t
where (select access.everywhere()) or t.region_code in (select region_code from access.here);
grant select, insert, update, delete on watch.visited to aidwatch_worker;
