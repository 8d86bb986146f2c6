-- 0100 newest month: a month mistyped far ahead must not make the whole city's year "long ago"
-- Phase: before the code.

-- The newest month of each programme, as lines were told at the time: a quarter paid ahead is believed, a later month is taken for a slip.
create view facts.newest_month as
select told.programme, max(cast(told.period || '-01' as date)) as first_on
from (
    select payment.programme, payment.period, max(payment.judged_at) as told_at
    from facts.payment payment where payment.period is not null group by payment.programme, payment.period
) told
where cast(told.period || '-01' as date) <= cast(told.told_at at time zone 'Asia/Shanghai' as date) + interval '3 months'
group by told.programme;
grant select on facts.newest_month to aidwatch_worker, rule_reader;

create or replace view facts.payment_month as
select coalesce(township.region_code, line.region_code) as region_code, line.programme, line.period, cast(line.period || '-01' as date) as first_on,
    cast(sum(line.persons) as bigint) as persons, cast(sum(line.lines) as bigint) as lines, cast(sum(line.amount_fen) as bigint) as paid_fen
from (
    select payment.region_code, payment.programme, payment.period, count(*) as lines, sum(payment.amount_fen) as amount_fen,
        count(distinct coalesce(payment.benefit_id, payment.payee_person_id, payment.payment_id)) as persons
    from facts.payment payment
    where coalesce(payment.status, 'submitted') in ('submitted', 'paid') and payment.kind in ('regular', 'one_off')
        and payment.region_code is not null and payment.programme is not null
        and payment.period > (select to_char(max(newest.first_on) - interval '25 months', 'YYYY-MM') from facts.newest_month newest)
        and payment.period <= (select to_char(max(newest.first_on), 'YYYY-MM') from facts.newest_month newest)
    group by payment.region_code, payment.programme, payment.period
) line
left join (
    select place.region_code as part_code, town.region_code
    from facts.region_path place
    join facts.region town on town.region_code = place.ancestor_code and town.level = 'township'
) township on township.part_code = line.region_code
group by 1, 2, 3;
