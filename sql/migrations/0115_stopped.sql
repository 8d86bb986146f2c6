-- 0115 stopped: what bears a stop out, and who lives all the same, is looked for by the clock, not for each stop at each look
-- Phase: with the code.
create table watch.stopped (
    benefit_id text primary key, household_id text, region_code text, programme text, end_period text not null, stop_reason text not null,
    monthly_amount_fen bigint, borne boolean not null, alive_at timestamptz);
create index stopped_period on watch.stopped (end_period);
grant select, insert, update, delete on watch.stopped to aidwatch_worker;

create or replace view seen.stopped with (security_barrier) as
select t.benefit_id, t.household_id, t.region_code, t.programme, t.end_period, t.stop_reason, t.monthly_amount_fen, t.borne, t.alive_at
from watch.stopped t
where (select access.everywhere()) or t.region_code in (select region_code from access.here);
