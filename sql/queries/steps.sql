-- name: matching
-- The one meaning of a question about how long steps take: histograms that are added up. :places are regions of which all below
-- is read, :own those of which is read what lies in no smaller one, unit by unit. Comes first in the others as a common table expression.
-- Served by duration_pkey, duration_own, duration_unit. Budget: 100 ms at 5,000,000 steps.
select region_code, unit_code, programme, week, from_stage, to_stage, n, limited, late, again, working, calendar
from seen.duration
where unit_code = '*' and region_code = any(cast(:places as text[]))
    and (programme = coalesce(cast(:programme as text), '*') and not cast(:each as boolean) or programme <> '*' and cast(:each as boolean)
        and programme = coalesce(cast(:programme as text), programme))
    and week between cast(:first as date) and cast(:last as date) and to_stage = coalesce(cast(:step as text), to_stage)
union all
select region_code, unit_code, programme, week, from_stage, to_stage, n, limited, late, again, working, calendar
from seen.duration
where unit_code <> '*' and (cast(:own as text[]) is null or region_code = any(cast(:own as text[])))
    and programme = coalesce(cast(:programme as text), programme) and unit_code = coalesce(cast(:unit as text), unit_code)
    and week between cast(:first as date) and cast(:last as date) and to_stage = coalesce(cast(:step as text), to_stage)

-- name: grouped
-- Steps by a key. Index and budget: as matching.
select case cast(:by as text) when 'region' then region_code when 'unit' then unit_code when 'programme' then programme
        when 'week' then to_char(week, 'YYYY-MM-DD') when 'from' then from_stage else '' end as key, to_stage as step,
    sum(n)::bigint as n, sum(limited)::bigint as limited, sum(late)::bigint as late, sum(again)::bigint as again,
    sum(working) as working, sum(calendar) as calendar
from matching
group by 1, 2 having sum(n) > 0
order by 1, 2
limit 5000

-- name: tops
-- Regions of the scope above which there is none of the scope. Index: primary key of region. Budget: 10 ms.
select r.region_code from facts.region r
where (access.everywhere() or r.region_code in (select region_code from access.here))
    and not exists (select from facts.region up where up.region_code = r.parent_code
        and (access.everywhere() or up.region_code in (select region_code from access.here)))
order by 1 limit 400

-- name: children
-- Regions one level below. Budget: 10 ms.
select region_code from facts.region where parent_code = any(cast(:codes as text[])) order by 1 limit 400

-- name: below
-- Regions and everything below them. Served by region_path_ancestor. Budget: 10 ms.
select distinct region_code from facts.region_path where ancestor_code = any(cast(:codes as text[])) limit 100000

-- name: passages
-- The cases behind a number, the slowest first. Served by passage_place. Budget: 150 ms.
with matching as (
    select p.application_id, p.from_stage, p.from_at, p.at, p.region_code, p.unit_code, p.programme, p.working_days, p.calendar_days,
        p.late, p.again
    from seen.passage p
    where p.to_stage = cast(:step as text) and (cast(:own as text[]) is null or p.region_code = any(cast(:own as text[])))
        and p.programme = coalesce(cast(:programme as text), p.programme) and p.unit_code = coalesce(cast(:unit as text), p.unit_code)
        and p.week between cast(:first as date) and cast(:last as date) and (not cast(:late as boolean) or p.late))
select *, count(*) over () as of from matching
order by working_days desc nulls last, calendar_days desc, application_id
limit :most

-- name: running
-- Limits that are running, with the day they end on; picked, classed and one of the two questions come after it.
-- Served by open_clock_due, open_clock_region. Budget: 100 ms.
select c.rule, c.subject_key as application_id, c.region_code, c.unit_code, c.yellow_at, c.red_at, c.evidence,
    c.yellow_at <= cast(:now as timestamptz) as late, coalesce(place.calendar, 'CN') as calendar,
    coalesce(cast(c.evidence ->> 'limit_on' as date), cast(c.yellow_at at time zone 'Asia/Shanghai' as date)) as ends_on
from seen.open_clock c
left join facts.region_calendar place on place.region_code = c.region_code
where (cast(:own as text[]) is null or c.region_code = any(cast(:own as text[])))
    and (cast(:programme as text) is null or c.evidence ->> 'programme' = cast(:programme as text))
    and (cast(:unit as text) is null or c.unit_code = cast(:unit as text))

-- name: picked
-- Those that end first: of all classes together no more are looked at than are shown (:first; null: all).
select * from running order by yellow_at, application_id, rule limit cast(:first as bigint)

-- name: picked_classes
-- The same, counted by day: of those there are few.
select late, calendar, ends_on, count(*) as n from running group by 1, 2, 3

-- name: classed
-- With the working days that are left.
select picked.*, due.n - today.n as left_days, case
    when picked.late then 'late' when due.n - today.n <= 0 then 'today' when due.n - today.n <= 3 then 'soon'
    when due.n - today.n <= 10 then 'later' else 'far' end as left_class
from picked
left join facts.working_day today on today.calendar = picked.calendar and today.day = cast(cast(:now as timestamptz) at time zone 'Asia/Shanghai' as date)
left join facts.working_day due on due.calendar = today.calendar and due.day = picked.ends_on

-- name: queue
-- The queue itself, a part of it by days left; how many there are says queue_classes, once. Index and budget: as running.
select * from classed
where cast(:left as text) is null or left_class = cast(:left as text)
order by yellow_at, application_id, rule
limit :most

-- name: queue_classes
-- The queue counted by days left. Index and budget: as running.
select left_class, sum(classed.n)::bigint as n from classed group by 1

-- name: stale_since
-- Since when a source that rules of time need is late. Few rows.
select min(stale_since) as stale_since from watch.rule_stale where file = 'timeliness.deadline_missed'
