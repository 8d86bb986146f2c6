-- name: clues
-- Pushed households with the state of their clock, and the lists each stands in (tags). A clue counts as followed when it was answered,
-- or the household was visited or applied after the push. Limits in working days (domain O03): :clue_days, twice that is long.
-- Comes first; clue_tags comes next. Index: followed primary key (the clock makes it). Budget: 200 ms for 40,000 clues.
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
judged as not materialized (
    select clocked.*, case
        when due_on is null or (followed_on is null and not answer_known) then 'unknown'
        when followed_on is not null then case when followed_on <= due_on then 'answered' else 'answered-late' end
        when coalesce(far_on < cast(:today as date), false) then 'long' when due_on < cast(:today as date) then 'late' else 'waiting' end as state
    from clocked),

-- name: clue_tags
-- Counted by what their tags hang on: to make the tags of forty thousand one by one took longer than to read them.
alike as (select kind, state, count(*) as n from judged group by 1, 2),
chosen as (
    select alike.*, array['clues', 'clues-' || state, 'clues-' || coalesce(replace(kind, '_', '-'), 'untold') || '-' || state,
        'clues-' || coalesce(replace(kind, '_', '-'), 'untold')]
        || case when state in ('late', 'long') then array['clues-overdue'] else '{}' end as tags
    from alike)

-- name: clue_rows
-- The clues of one list, the longest waiting first. Index and budget: as clues.
select clue_id as key, household_id, region_code, unit_code, kind, pushed_at, due_on, followed_at, response, state,
    (select sum(chosen.n)::bigint from chosen where cast(:list as text) = any(chosen.tags)) as n
from judged
where exists (select from chosen
    where chosen.state = judged.state and chosen.kind is not distinct from judged.kind and cast(:list as text) = any(chosen.tags))
order by followed_at is not null, pushed_at nulls last, clue_id
limit :most

-- name: visits
-- Households that were visited, each with its last visit as the clock last looked (watch.visited), counted by colour and day: of those
-- there are few. Days are cut by arithmetic: China has one offset. visit_states comes next.
-- Index: visited_place. Budget: 20 ms for a county, 100 ms for 250,000 households.
here as not materialized (
    select v.household_id, v.region_code, v.kind, v.risk, v.visited_at, date_bin('1 day', v.visited_at, '2000-01-01 00:00+08') as day_at
    from seen.visited v
    where (cast(:region as text) is null or v.region_code = any(array(
        select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))),
days as (select risk, day_at, count(*) as n from here group by 1, 2),
dated as (select days.*, (day_at at time zone 'Asia/Shanghai')::date as visited_on from days),

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
alike as (select risk, state, sum(n)::bigint as n from judged group by 1, 2),
chosen as (
    select alike.*, array['visits', 'visits-' || state, 'visits-' || coalesce(risk, 'untold'), 'visits-' || coalesce(risk, 'untold') || '-' || state]
        || case when state in ('late', 'long') then array['visits-overdue'] else '{}' end as tags
    from alike)

-- name: visit_rows
-- The households of one list, the longest not visited first: only those of the days that are shown are looked at. Index and budget: as visits.
, wanted as (
    select judged.*, coalesce(sum(judged.n) over (order by due_on nulls last range between unbounded preceding and current row exclude group), 0) as before,
        sum(judged.n) over ()::bigint as n_all
    from judged
    where exists (select from chosen
        where chosen.state = judged.state and chosen.risk is not distinct from judged.risk and cast(:list as text) = any(chosen.tags)))
select here.household_id as key, here.household_id, here.region_code, here.kind, here.risk, here.visited_at, wanted.every_days, wanted.due_on,
    wanted.state, wanted.n_all as n
from wanted join here on here.day_at = wanted.day_at and here.risk is not distinct from wanted.risk
where wanted.before < :most
order by wanted.due_on nulls last, here.household_id
limit :most

-- name: checks
-- Households that were refused or left (the last time within the window), each with its last quarterly check (seed Changning, domain O01):
-- the quarter after the refusal, exit or last check is to have one. Comes first; check_tags comes next.
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

-- name: check_tags
-- Counted by what their tags hang on.
alike as (select how, state, count(*) as n from judged group by 1, 2),
chosen as (
    select alike.*, array['checks', 'checks-' || state, 'checks-' || how, 'checks-' || how || '-' || state]
        || case when state in ('late', 'long') then array['checks-overdue'] else '{}' end as tags
    from alike)

-- name: check_rows
-- The households of one list, the longest overdue first. Index and budget: as checks.
select key, household_id, region_code, how, programme, gone_on, checked_on, due_on, state,
    (select sum(chosen.n)::bigint from chosen where cast(:list as text) = any(chosen.tags)) as n
from judged
where exists (select from chosen where chosen.state = judged.state and chosen.how = judged.how and cast(:list as text) = any(chosen.tags))
order by due_on, household_id
limit :most

-- name: tags
-- How many stand in each list; comes after what was counted. Index and budget: as that.
select tag, sum(chosen.n)::bigint as n from chosen cross join unnest(chosen.tags) tag group by tag
