-- name: backlog
-- What has been accepted and is not evaluated yet. The tables are short, or the system is late. Budget: 50 ms.
select
    (select count(*) from ledger.mark) as marks,
    (select coalesce(sum(n), 0) from ledger.mark) as marked_keys,
    (select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 from ledger.mark) as oldest_mark_s,
    (select count(*) from watch.claim where parked_at is null) as claims,
    (select count(*) from watch.claim where parked_at is not null) as parked_claims,
    (select count(*) from watch.resweep where parked_at is null) as resweeps,
    (select count(*) from watch.resweep where parked_at is not null) as parked_resweeps,
    (select count(*) from watch.recheck where at <= watch.now_at()) as due_rechecks,
    (select count(*) from watch.outbox) as outbox

-- name: unsettled
-- One statement, so one snapshot: what still has to be done before everything accepted is evaluated. Budget: 5 ms.
select watch.now_at() as as_of,
    exists (select from ledger.mark) as marks,
    exists (select from watch.claim where parked_at is null) as claims,
    exists (select from watch.resweep where parked_at is null) as resweeps,
    exists (select from watch.recheck where at <= watch.now_at()) as rechecks,
    exists (select from watch.outbox) as outbox,
    exists (select from watch.duration_due) as durations,
    exists (select from access.reveal where taken_at is null) as reveals,
    exists (select from access.limit_change where accepted and taken_at is null) as limits,
    exists (select from access.lookup where taken_at is null) as look_ups,
    exists (select from ledger.dead_letter where asked_at is not null) as dead_letters

-- name: marked_keys
-- Changed records nobody has looked at, counted no further than :most. Budget: 20 ms at 500,000 marks.
select coalesce(sum(n), 0)::bigint as n from (select n from ledger.mark limit :most) waiting

-- name: lag
-- How long the oldest change has been waiting for the evaluator, real seconds. Served by the primary keys. Budget: 2 ms.
select coalesce(extract(epoch from clock_timestamp() - least(
    (select at from ledger.mark order by id limit 1),
    (select at from watch.claim where parked_at is null order by id limit 1))), 0)::float8 as lag_s

-- name: clock
-- The instant findings are judged at, and whether a test deployment has fixed it. Budget: 1 ms.
select watch.now_at() as as_of, clock_timestamp() as real_now, exists (select from watch.clock) as is_test_clock

-- name: feeds
-- Declared sources, late ones first. Budget: 20 ms.
select feed_id, source, department, interval_s, expected_from, last_at, as_of, coalesce(events, 0)::bigint as events,
    silent_since, stale_since
from watch.feed_shown
order by stale_since is null, stale_since, feed_id
limit 500

-- name: rules
-- What every code last said of itself; unknown where its question failed. Budget: 20 ms.
select state.code as rule, max(state.version) as version, min(state.evaluated_at) as evaluated_at,
    min(state.unknown_since) as unknown_since, min(state.parked_error) as parked_error, min(stale.stale_since) as stale_since
from watch.rule_state state left join watch.rule_stale stale on stale.file = state.file
group by state.code
order by state.code
limit 500

-- name: drift
-- The newest audit of each rule file. Served by the primary key. Budget: 10 ms.
select distinct on (file) file, at, compared, drift, pending from watch.audit_run order by file, id desc

-- name: dead_letters
-- How many refused events are neither mended nor set aside. Index: dead_letter_open. Budget: 20 ms at 100,000.
select count(*) as n from ledger.dead_letter where repaired_at is null
