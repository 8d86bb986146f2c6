-- name: arrived
-- How many events of what it is made from have ever come: as long as it is the same, nothing can have changed. Budget: 1 ms.
select coalesce(sum(events), 0)::bigint from store.source_state
where entity in ('benefit', 'payment', 'register', 'visit', 'household', 'household_member', 'person')

-- name: make_stopped
-- Benefits stopped because of a death or custody. borne: some register of that kind knows it of one of the people; alive_at: the newest
-- sign that one whom the stop takes for dead (or in custody) lives as before.
-- Indexes: benefit_stopped, register_number, visit_person. Budget: 2 s for 50,000 stops.
create temp table stopped_now on commit drop as
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

-- name: forget_stopped
delete from watch.stopped held where not exists (select from stopped_now made where made.benefit_id = held.benefit_id)

-- name: keep_stopped
-- Only what differs is written.
insert into watch.stopped as held
select benefit_id, household_id, region_code, programme, end_period, stop_reason, monthly_amount_fen, borne, alive_at from stopped_now
on conflict (benefit_id) do update set household_id = excluded.household_id, region_code = excluded.region_code, programme = excluded.programme,
    end_period = excluded.end_period, stop_reason = excluded.stop_reason, monthly_amount_fen = excluded.monthly_amount_fen,
    borne = excluded.borne, alive_at = excluded.alive_at
where (held.household_id, held.region_code, held.programme, held.end_period, held.stop_reason, held.monthly_amount_fen, held.borne, held.alive_at)
    is distinct from (excluded.household_id, excluded.region_code, excluded.programme, excluded.end_period, excluded.stop_reason,
        excluded.monthly_amount_fen, excluded.borne, excluded.alive_at)
