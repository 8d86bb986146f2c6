-- 0082 funds: what rules about money look for and seldom find
-- Phase: before the code.
create index payment_returned on store.payment (benefit_id, period) where status = 'returned';  -- F05

-- ID numbers of the people who handle aid and of their kin on record: whose accounts no aid of others belongs into.
create view facts.holder_of_staff as
select staff.id_number_key, staff.id_number_key as staff_number_key, staff.staff_id, staff.active_from, staff.active_to, 'self'::text as relation
from facts.staff staff where staff.role <> 'supervisor' and staff.id_number_key is not null
union all
select relative.id_number_key, staff.id_number_key, staff.staff_id, staff.active_from, staff.active_to, kin.relation
from facts.staff staff
join facts.person human on human.id_number_key = staff.id_number_key
join facts.kin kin on kin.person_id = human.person_id and kin.relation <> 'self'
join facts.person relative on relative.person_id = kin.relative_id and relative.id_number_key is not null
where staff.role <> 'supervisor';
grant select on facts.holder_of_staff to aidwatch_worker, rule_reader;

-- What was listed by township, programme and month (a line counts in its township where it names a village): for statistics of
-- two years. Read whole, by rules that are asked by the clock.
create view facts.payment_month as
select coalesce(township.region_code, line.region_code) as region_code, line.programme, line.period, cast(line.period || '-01' as date) as first_on,
    cast(sum(line.persons) as bigint) as persons, cast(sum(line.lines) as bigint) as lines, cast(sum(line.amount_fen) as bigint) as paid_fen
from (
    select payment.region_code, payment.programme, payment.period, count(*) as lines, sum(payment.amount_fen) as amount_fen,
        count(distinct coalesce(payment.benefit_id, payment.payee_person_id, payment.payment_id)) as persons
    from facts.payment payment
    where coalesce(payment.status, 'submitted') in ('submitted', 'paid') and payment.kind in ('regular', 'one_off')
        and payment.region_code is not null and payment.programme is not null and payment.period > (
            select to_char(max(cast(newest.period || '-01' as date)) - interval '25 months', 'YYYY-MM') from facts.payment newest)
    group by payment.region_code, payment.programme, payment.period
) line
left join (
    select place.region_code as part_code, town.region_code
    from facts.region_path place
    join facts.region town on town.region_code = place.ancestor_code and town.level = 'township'
) township on township.part_code = line.region_code
group by 1, 2, 3;
grant select on facts.payment_month to aidwatch_worker, rule_reader;
