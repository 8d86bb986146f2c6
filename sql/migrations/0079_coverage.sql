-- 0079 coverage: what registers cover, how fresh each kind is, and whose benefit stopped on a ground the registers do not bear out
-- Phase: before the code.
grant select on facts.source_state to rule_reader, aidwatch_worker;

create table watch.register_compared (                       -- counted at night: twenty million records are not counted when somebody reads
    kind text not null, region_code text not null,           -- where the person lives; '': the records of people we do not know
    persons bigint not null, records bigint not null, counted_at timestamptz not null,
    primary key (kind, region_code));
create view seen.register_compared with (security_barrier) as select * from watch.register_compared t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);

-- Benefits stopped because of a death or custody. borne: some register of that kind knows it of one of the people; alive_at: the newest
-- sign that one whom the stop takes for dead (or in custody) lives as before.
create view seen.stopped with (security_barrier) as
select
    b.benefit_id, b.household_id, b.region_code, b.programme, b.end_period, b.stop_reason, b.monthly_amount_fen,
    exists (
        select from facts.register r where r.person_key = any(who.keys)
            and (b.stop_reason = 'death' and r.kind in ('death', 'cremation') or b.stop_reason = 'custody' and r.kind in ('custody', 'drug_isolation'))) as borne,
    greatest(
        (select max(v.visited_at) from facts.visit v where v.person_id = any(who.ids) and v.visited_at >= ended.at),
        (select max(p.paid_at) from facts.benefit own join facts.payment p on p.benefit_id = own.benefit_id
            where own.person_id = any(who.ids) and own.benefit_id <> b.benefit_id and p.period > b.end_period and p.status = 'paid'),
        (select max(cast(r.from_date as timestamp) at time zone 'Asia/Shanghai') from facts.register r
            where r.person_key = any(who.keys) and r.kind = 'hospital' and r.from_date >= ended.day)) as alive_at
from facts.benefit b
cross join lateral (select cast(cast(b.end_period || '-01' as date) + interval '1 month' as date) as day,
    cast(cast(b.end_period || '-01' as date) + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' as at) ended
cross join lateral (
    select array_agg(i.person_key) as keys, array_agg(i.person_id) as ids from (
        select b.person_id as one union all
        select m.person_id from facts.household_member m where m.household_id = b.household_id and coalesce(b.person_id, '') = '') of_it
    join facts.identity i on i.person_id = of_it.one) who
where b.end_period is not null and b.stop_reason in ('death', 'custody')
    and ((select access.everywhere()) or b.region_code in (select region_code from access.here));

create index benefit_stopped on store.benefit (end_period) include (region_code) where to_at is null and stop_reason in ('death', 'custody');
create index finding_underpaid on watch.finding (opened_at desc) where rule = 'F01' and present and (evidence ->> 'difference_fen')::bigint < 0;
grant select, insert, update, delete on watch.register_compared to aidwatch_worker;
grant select on seen.register_compared, seen.stopped to aidwatch_console;
