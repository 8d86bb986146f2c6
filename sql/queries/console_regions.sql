-- name: root
-- The region everything lies in: the one without a parent that we know, or its only child, and so on.
-- Index: primary key of region. Budget: 5 ms.
select region_code, name, level from facts.region region
where region.level in ('city', 'county')
   or not exists (select from facts.region above where above.region_code = region.parent_code)
order by case level when 'city' then 0 when 'county' then 1 when 'province' then 2 else 3 end, region_code
limit 1

-- name: path
-- From the root down to :region. Index: primary key of region_path. Budget: 5 ms.
select region.region_code, region.name, region.level
from facts.region_path path join facts.region on region.region_code = path.ancestor_code
where path.region_code = cast(:region as text)
order by path.depth desc
limit 8

-- name: children
-- Regions one level below :region. Budget: 10 ms.
select region_code, name, level from facts.region
where parent_code = cast(:region as text)
order by region_code
limit 400

-- name: places
-- Names of regions with the county they lie in. Index: primary keys. Budget: 10 ms.
select region.region_code, region.name, region.level, county.name as county
from facts.region
left join facts.region_path path on path.region_code = region.region_code
    and exists (select from facts.region up where up.region_code = path.ancestor_code and up.level = 'county')
left join facts.region county on county.region_code = path.ancestor_code
where region.region_code = any(cast(:codes as text[]))
limit 1000

-- name: units
-- Names of units. Index: primary key. Budget: 5 ms.
select unit_code, name from facts.unit where unit_code = any(cast(:codes as text[])) limit 1000

-- name: names
-- Names of the regions cards come from, down to townships, for the live feed in the browser. Budget: 10 ms.
select region_code, name from facts.region where level in ('city', 'county', 'township') limit 1500

-- name: within
-- Codes of a region and everything below it. Budget: 10 ms.
select region_code from facts.region_path where ancestor_code = cast(:region as text) limit 6000
