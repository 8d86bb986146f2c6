-- name: arrived
-- How many events of what it is made from have ever come: as long as it is the same, nothing can have changed. Budget: 1 ms.
select coalesce(sum(events), 0)::bigint from store.source_state where entity in ('visit', 'household', 'clue', 'application')

-- name: make_visited
-- Each household with its last visit. Index: visit_household. Budget: 5 s for 300,000 visits.
create temp table visited_now on commit drop as
select distinct on (h.household_id) h.household_id, h.region_code, v.visit_id, v.kind, v.risk, v.visited_at
from facts.visit v join facts.household h on h.household_id = v.household_id
where v.visited_at is not null
order by h.household_id, v.visited_at desc, v.visit_id

-- name: forget_visited
delete from watch.visited held where not exists (select from visited_now made where made.household_id = held.household_id)

-- name: keep_visited
-- Only what differs is written.
insert into watch.visited as held select household_id, region_code, visit_id, kind, risk, visited_at from visited_now
on conflict (household_id) do update set region_code = excluded.region_code, visit_id = excluded.visit_id, kind = excluded.kind,
    risk = excluded.risk, visited_at = excluded.visited_at
where (held.region_code, held.visit_id, held.kind, held.risk, held.visited_at)
    is distinct from (excluded.region_code, excluded.visit_id, excluded.kind, excluded.risk, excluded.visited_at)

-- name: make_followed
-- Each clue with the first visit or application of its household after the push. Indexes: visit_household, application_household.
-- Budget: 1 s for 50,000 clues.
create temp table followed_now on commit drop as
select clue_id, followed_at
from (
    select c.clue_id, least(
        (select min(v.visited_at) from facts.visit v where v.household_id = c.household_id and v.visited_at >= c.pushed_at),
        (select min(a.submitted_at) from facts.application a where a.household_id = c.household_id and a.submitted_at >= c.pushed_at)) as followed_at
    from facts.clue c) first
where followed_at is not null

-- name: forget_followed
delete from watch.followed held where not exists (select from followed_now made where made.clue_id = held.clue_id)

-- name: keep_followed
-- Only what differs is written.
insert into watch.followed as held select clue_id, followed_at from followed_now
on conflict (clue_id) do update set followed_at = excluded.followed_at where held.followed_at <> excluded.followed_at
