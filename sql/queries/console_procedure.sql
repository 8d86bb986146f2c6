-- name: matching
-- The one meaning of a question about courses: tiles, tables, picture and list read it, so that a number equals its list.
-- Reads the courses in scope once; index course_begun where a time is looked at. Budget: 300 ms at 500,000 courses, all time.
select c.application_id, c.region_code, c.unit_code, c.programme, c.path, c.begun_at, c.variant_id, c.late, c.backdated
from seen.course c
where (cast(:programme as text) is null or c.programme = cast(:programme as text))
  and (cast(:unit as text) is null or c.unit_code = cast(:unit as text))
  and (cast(:begun_from as timestamptz) is null or c.begun_at >= cast(:begun_from as timestamptz))
  and (cast(:begun_to as timestamptz) is null or c.begun_at < cast(:begun_to as timestamptz))
  and (cast(:region as text) is null
       or c.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))

-- name: variants
-- Every way taken, most frequent first, with how many went it. Index and budget: as matching.
, tally as (
    select variant_id, count(*) as n, count(*) filter (where late) as n_late, count(*) filter (where backdated) as n_backdated
    from matching group by 1)
select v.variant_id, v.stages, v.required, v.trace, v.fits, v.skipped, v.reversed, v.repeated, tally.n, tally.n_late, tally.n_backdated
from tally join seen.variant v using (variant_id)
order by tally.n desc, v.variant_id
limit :limit

-- name: by_place
-- Courses per region below :parent, and those of :parent itself that lie in no smaller region. Budget: as matching.
, tally as (select region_code, variant_id, backdated, late, count(*) as n from matching group by 1, 2, 3, 4),
placed as (
    select below.region_code as key, below.name, tally.* from tally
    join facts.region_path up on up.region_code = tally.region_code
    join facts.region below on below.region_code = up.ancestor_code
    where below.parent_code = cast(:parent as text) or (below.region_code = cast(:parent as text) and up.depth = 0))

-- name: by_unit
, placed as (
    select tally.unit_code as key, unit.name, tally.variant_id, tally.backdated, tally.late, tally.n
    from (select unit_code, variant_id, backdated, late, count(*) as n from matching group by 1, 2, 3, 4) tally
    left join facts.unit unit on unit.unit_code = tally.unit_code)

-- name: by_programme
, placed as (
    select programme as key, path as name, variant_id, backdated, late, count(*) as n from matching group by 1, 2, 3, 4, 5)

-- name: tallied
-- What each line of a table says; comes after one of the three above.
select key, name, sum(n)::bigint as n, coalesce(sum(n) filter (where fits), 0)::bigint as fits,
    coalesce(sum(n) filter (where not fits), 0)::bigint as broken, coalesce(sum(n) filter (where fits is null), 0)::bigint as unknown,
    coalesce(sum(n) filter (where skipped <> '{}'), 0)::bigint as skipped, coalesce(sum(n) filter (where reversed <> '{}'), 0)::bigint as reversed,
    coalesce(sum(n) filter (where repeated <> '{}'), 0)::bigint as repeated, coalesce(sum(n) filter (where backdated), 0)::bigint as backdated,
    coalesce(sum(n) filter (where late), 0)::bigint as late, count(*) over () as of
from placed join seen.variant v using (variant_id)
group by key, name
order by coalesce(sum(n) filter (where not fits), 0)::float8 / sum(n) desc, sum(n) desc, key nulls last, name nulls last
limit :limit

-- name: cases
-- The applications of some variants, the newest first. Budget: as matching.
, chosen as (
    select * from matching
    where (cast(:variants as int[]) is null or variant_id = any(cast(:variants as int[])))
      and (not cast(:backdated as boolean) or backdated) and (not cast(:late as boolean) or late))
select chosen.application_id, chosen.region_code, chosen.unit_code, chosen.programme, chosen.path, chosen.begun_at, chosen.late,
    chosen.backdated, v.trace, v.fits, v.skipped, v.reversed, v.repeated, (select count(*) from chosen) as of
from chosen join seen.variant v using (variant_id)
order by chosen.begun_at desc, chosen.application_id
limit :limit

-- name: state
-- When the courses were last made, and since when a source of steps is late. Few rows.
select (select at from watch.counted where name = 'course') as at,
    (select min(stale_since) from watch.rule_stale where file = 'procedure.stages_out_of_order') as stale_since
