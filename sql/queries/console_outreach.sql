-- name: clues
-- Pushed households with the state of their clock, and the lists each stands in (tags). A clue counts as followed when it was answered,
-- or the household was visited or applied after the push. Limits in working days (domain O03): :clue_days, twice that is long.
-- Comes first in its others. Index: followed primary key (the clock makes it). Budget: 200 ms for 40,000 clues.
dated as (
    select c.clue_id, c.household_id, c.region_code, c.unit_code, c.kind, c.pushed_at, c.responded_at, c.followed_at, c.response,
        c.pushed_at_known and (c.responded_at is not null or c.responded_at_known) as answer_known,
        (c.followed_at at time zone 'Asia/Shanghai')::date as followed_on, (c.pushed_at at time zone 'Asia/Shanghai')::date as pushed_on
    from seen.clue c
    where (cast(:region as text) is null or c.region_code = any(array(
            select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))
        and (cast(:from_at as timestamptz) is null or c.pushed_at >= cast(:from_at as timestamptz))
        and (cast(:to_at as timestamptz) is null or c.pushed_at < cast(:to_at as timestamptz))),
clocked as (
    select dated.*, due.day as due_on, far.day as far_on
    from dated
    left join facts.region_calendar place on place.region_code = dated.region_code
    left join facts.working_day pushed on pushed.calendar = coalesce(place.calendar, 'CN') and pushed.day = dated.pushed_on
    left join facts.working_day due on due.calendar = pushed.calendar and due.working and due.n = pushed.n + :clue_days
    left join facts.working_day far on far.calendar = pushed.calendar and far.working and far.n = pushed.n + 2 * :clue_days),
judged as (
    select clocked.*, case
        when due_on is null or (followed_on is null and not answer_known) then 'unknown'
        when followed_on is not null then case when followed_on <= due_on then 'answered' else 'answered-late' end
        when coalesce(far_on < cast(:today as date), false) then 'long' when due_on < cast(:today as date) then 'late' else 'waiting' end as state
    from clocked),
chosen as (
    select judged.*, array['clues', 'clues-' || state, 'clues-' || coalesce(replace(kind, '_', '-'), 'untold') || '-' || state,
        'clues-' || coalesce(replace(kind, '_', '-'), 'untold')]
        || case when state in ('late', 'long') then array['clues-overdue'] else '{}' end as tags
    from judged)

-- name: clue_rows
-- The clues of one list, the longest waiting first. Index and budget: as clues.
select chosen.clue_id as key, household_id, region_code, unit_code, kind, pushed_at, due_on, followed_at, response, state, count(*) over () as n
from chosen where cast(:list as text) = any(tags)
order by followed_at is not null, pushed_at nulls last, chosen.clue_id
limit :most

-- name: visits
-- Households that were visited, each with its last visit, as the clock last counted (watch.visited). visit_states comes next.
-- Index: visited_place. Budget: 40 ms for a county, 300 ms for 250,000 households.
dated as (
    select v.household_id, v.region_code, v.visit_id, v.kind, v.risk, v.visited_at, (v.visited_at at time zone 'Asia/Shanghai')::date as visited_on
    from seen.visited v
    where (cast(:region as text) is null or v.region_code = any(array(
        select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))),

-- name: visit_days
-- The same, counted by colour and day: of those there are few. visit_states comes next. Index: visited_place. Budget: 100 ms for 250,000 households.
dated as (
    select v.risk, (v.visited_at at time zone 'Asia/Shanghai')::date as visited_on, count(*) as n
    from seen.visited v
    where (cast(:region as text) is null or v.region_code = any(array(
        select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))
    group by 1, 2),

-- name: visit_states
-- Whether the frequency of a colour is kept as of :today (domain O02; the seed gives none: :red_days, :orange_days, :yellow_days are defaults).
paced as (
    select dated.*, case risk when 'red' then cast(:red_days as int) when 'orange' then cast(:orange_days as int) when 'yellow' then cast(:yellow_days as int) end as every_days
    from dated),
judged as (
    select paced.*, visited_on + every_days as due_on, case
        when every_days is null then 'unknown' when visited_on + 2 * every_days < cast(:today as date) then 'long'
        when visited_on + every_days < cast(:today as date) then 'late'
        when visited_on + (every_days * 4) / 5 < cast(:today as date) then 'due' else 'kept' end as state
    from paced),
chosen as (
    select judged.*, array['visits', 'visits-' || state, 'visits-' || coalesce(risk, 'untold'), 'visits-' || coalesce(risk, 'untold') || '-' || state]
        || case when state in ('late', 'long') then array['visits-overdue'] else '{}' end as tags
    from judged)

-- name: day_tags
-- How many stand in each list; comes after visit_days and visit_states. Index and budget: as visit_days.
select tag, sum(chosen.n)::bigint as n from chosen cross join unnest(chosen.tags) tag group by tag

-- name: visit_rows
-- The households of one list, the longest not visited first. Index and budget: as visits.
select household_id as key, household_id, region_code, kind, risk, visited_at, every_days, due_on, state, count(*) over () as n
from chosen where cast(:list as text) = any(tags)
order by due_on nulls last, household_id
limit :most

-- name: checks
-- Households that were refused or left (the last time within the window), each with its last quarterly check (seed Changning, domain O01):
-- the quarter after the refusal, exit or last check is to have one. Comes first in its others.
-- Indexes: stage_refused, benefit_exit, visit_household. Budget: 300 ms for 50,000 households.
told as (select coalesce(bool_or(entity = 'visit'), false) as visits from facts.source_state),
gone as (
    select distinct on (w.household_id) w.how, w.key, w.household_id, w.region_code, w.programme, w.gone_on, (w.checked_at at time zone 'Asia/Shanghai')::date as checked_on
    from seen.without_aid w
    where w.gone_on >= cast(:since as date) and w.gone_on <= cast(:today as date) and (cast(:until as date) is null or w.gone_on < cast(:until as date))
        and (cast(:programme as text) is null or w.programme = cast(:programme as text))
        and (cast(:region as text) is null or w.region_code = any(array(
            select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))
    order by w.household_id, w.gone_on desc, w.key),
quartered as (
    select gone.*, (date_trunc('quarter', greatest(gone_on, checked_on)) + interval '6 months' - interval '1 day')::date as due_on from gone),
judged as (
    select quartered.*, case when not told.visits then 'unknown'
        when date_trunc('quarter', due_on) + interval '6 months' <= cast(:today as date) then 'long' when due_on < cast(:today as date) then 'late'
        when date_trunc('quarter', due_on) = date_trunc('quarter', cast(:today as date)) then 'due'
        when checked_on >= gone_on and date_trunc('quarter', checked_on) = date_trunc('quarter', cast(:today as date)) then 'checked' else 'ahead' end as state
    from quartered cross join told),
chosen as (
    select judged.*, array['checks', 'checks-' || state, 'checks-' || how, 'checks-' || how || '-' || state]
        || case when state in ('late', 'long') then array['checks-overdue'] else '{}' end as tags
    from judged)

-- name: check_rows
-- The households of one list, the longest overdue first. Index and budget: as checks.
select key, household_id, region_code, how, programme, gone_on, checked_on, due_on, state, count(*) over () as n
from chosen where cast(:list as text) = any(tags)
order by due_on, household_id
limit :most

-- name: tags
-- How many stand in each list; comes after clues, visits or checks. Index and budget: as they.
select tag, sum(alike.n)::bigint as n from (select tags, count(*) as n from chosen group by tags) alike cross join unnest(alike.tags) tag group by tag
