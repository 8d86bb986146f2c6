-- name: kept
-- Of the cards of a question on which a date was set, how many kept every date. Comes after console_findings.matching. Index: finding_kept.
-- Budget: 40 ms for 50,000.
select count(*) filter (where kept_due) as kept, count(*) as n from matching where kept_due is not null

-- name: months
-- The score of :parent and of the places directly below it by the month cards opened: how many units lie there, how many more lost points
-- there, the points all of them lost (a unit at most :full), and the confirmed cards. Asked for what was confirmed; one row without a month for
-- a place without any. Comes after console_findings.matching. Index: finding_decided, region_path_ancestor. Budget: 100 ms for 20,000 confirmed.
, shown as (
    select region.region_code as key, region.name, region.region_code = cast(:parent as text) as own
    from facts.region region
    where (region.parent_code = cast(:parent as text) or region.region_code = cast(:parent as text))
        and ((select access.everywhere()) or region.region_code in (select region_code from access.here))),
cards as materialized (
    select m.finding_id, coalesce(many.region_code, m.region_code) as region_code, m.answering_unit as unit_code,
        to_char(m.opened_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month,
        case when m.red_at <= coalesce(m.cleared_at, cast(:now as timestamptz)) then cast(:red as int)
            when least(m.yellow_at, m.red_at) <= coalesce(m.cleared_at, cast(:now as timestamptz)) then cast(:yellow as int) else 0 end as points
    from matching m left join watch.finding_region many on many.finding_id = m.finding_id),
placed as (                               -- a card of several places counts once in each
    select distinct shown.key, cards.finding_id, cards.unit_code, cards.month, cards.points
    from cards join facts.region_path up on up.region_code = cards.region_code join shown on shown.key = up.ancestor_code),
located as materialized (
    select shown.key, unit.unit_code
    from facts.unit unit join facts.region_path up on up.region_code = unit.region_code join shown on shown.key = up.ancestor_code
    where (select access.unit()) is null or unit.unit_code = (select access.unit())),
lost as (select key, month, unit_code, sum(points) as points, count(*) as n from placed group by 1, 2, 3),
summed as (
    select lost.key, lost.month, count(lost.unit_code) filter (where located.unit_code is null and lost.points > 0) as others,
        coalesce(sum(least(lost.points, cast(:full as int))) filter (where lost.unit_code is not null), 0) as points, sum(lost.n) as n
    from lost left join located on located.key = lost.key and located.unit_code = lost.unit_code
    group by 1, 2),
units as (select key, count(*) as n from located group by 1)
select shown.key, shown.name, shown.own, summed.month, coalesce(units.n, 0) as units, coalesce(summed.others, 0)::bigint as others,
    coalesce(summed.points, 0)::bigint as points, coalesce(summed.n, 0)::bigint as confirmed
from shown left join units on units.key = shown.key left join summed on summed.key = shown.key
order by shown.own desc, shown.key, summed.month
limit 8000

-- name: fairness
-- Verdicts on doubts about citizens by township, and under '*' all of them: how many were not founded, and half of them took how long from being
-- shown to the verdict. A finding of several townships counts once in each. Asked for what was decided; comes after console_findings.matching.
-- Index: finding_decided, region_path primary key. Budget: 100 ms for 20,000 verdicts.
, judged as materialized (
    select m.finding_id, m.region_code, m.outcome in ('not_true', 'data_problem') as unfounded,
        extract(epoch from m.decided_at - m.raised_at)::float8 as took_s
    from matching m),
placed as (
    select distinct town.region_code as key, town.name, judged.finding_id, judged.unfounded, judged.took_s
    from judged left join watch.finding_region many on many.finding_id = judged.finding_id
    join facts.region_path up on up.region_code = coalesce(many.region_code, judged.region_code)
    join facts.region town on town.region_code = up.ancestor_code and town.level = 'township'
    where ((select access.everywhere()) or town.region_code in (select region_code from access.here))
        and (cast(:region as text) is null or town.region_code in (
            select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))
select '*' as key, null as name, count(*) as decided, count(*) filter (where unfounded) as unfounded,
    percentile_cont(0.5) within group (order by took_s) as took_s
from judged
union all
select key, name, count(*), count(*) filter (where unfounded), percentile_cont(0.5) within group (order by took_s)
from placed group by 1, 2
limit 2001
