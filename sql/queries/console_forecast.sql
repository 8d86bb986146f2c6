-- name: matching
-- The newest forecast of each application in scope: the clock most likely to bring the next card. Primary key of forecast, by day.
-- Budget: 50 ms at 20,000 running clocks.
select distinct on (f.application_id) f.*, case when f.days_left < 0 then f.red_share else f.yellow_share end as next_share
from seen.forecast f
where f.made_on = (select cast(told ->> 'made_on' as date) from watch.counted where name = 'forecast')
  and (cast(:programme as text) is null or f.programme = cast(:programme as text))
  and (cast(:unit as text) is null or f.unit_code = cast(:unit as text))
  and (cast(:region as text) is null
       or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
  and (f.days_left >= 0 or f.red_at > cast(:now as timestamptz))
order by f.application_id, next_share desc nulls last, f.rule, f.item

-- name: first
-- The order of work: who is most likely to be late comes first. Index and budget: as matching.
select * from matching order by next_share desc nulls last, days_left, application_id limit :limit

-- name: totals
-- How many cards are to be expected, and how many of them the first tenth of the list holds. Index and budget: as matching.
, placed as (select next_share, row_number() over (order by next_share desc nulls last, days_left, application_id) as place, count(*) over () as n
    from matching)
select count(*) as n, coalesce(sum(next_share), 0)::float8 as expected,
    count(*) filter (where place <= ceil(0.1 * n)) as n_tenth,
    coalesce(sum(next_share) filter (where place <= ceil(0.1 * n)), 0)::float8 as expected_tenth
from placed

-- name: told
-- When the forecast was made, and how true earlier ones were. One row.
select at, told from watch.counted where name = 'forecast'
