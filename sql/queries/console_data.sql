-- name: now
-- The instant findings are judged at, and the real one. Budget: 1 ms.
select watch.now_at() as judged_at, clock_timestamp() as real_at,
    exists (select from watch.clock) as test_clock

-- name: feeds
-- Declared sources, late ones first. Budget: 20 ms.
select feed_id, source, department, interval_s, expected_from, last_at, as_of, events, silent_since, stale_since
from watch.feed_shown
order by stale_since is null, stale_since, last_at desc nulls last, feed_id
limit 200

-- name: sources
-- What arrived from whom, by entity and kind of register. Budget: 20 ms.
select source, entity, kind, last_at, as_of, events
from facts.source_state
order by source, entity, kind
limit 500

-- name: dead_letters
-- Records that were refused, newest first, without their content. Index: primary key. Budget: 10 ms.
select id, at, source, event_id, index_in_batch, reason
from ledger.dead_letter
order by id desc
limit :most

-- name: refused
-- How many they are; they are kept for half a year. Index: primary key. Budget: 50 ms for a million.
select count(*) from ledger.dead_letter

-- name: rule_states
-- What every rule last said of itself. Budget: 5 ms.
select state.code, min(state.title_zh) as title_zh, min(state.title_en) as title_en, min(state.family) as family,
    max(state.version) as version, min(state.evaluated_at) as evaluated_at,
    min(state.unknown_since) as unknown_since, min(state.parked_error) as parked_error,
    min(stale.stale_since) as stale_since
from watch.rule_state state left join watch.rule_stale stale on stale.file = state.file
group by state.code
order by state.code
limit 400

-- name: health
-- One row for the status bar. Indexes: primary keys of audit_run, dead_letter. Budget: 20 ms.
select
    (select count(*) from watch.feed_shown) as n_feeds,
    (select count(*) from watch.feed_shown where stale_since is not null) as n_late,
    (select count(distinct code) from watch.rule_state where unknown_since is not null) as n_rules_unknown,
    (select sum(drift)::bigint from (select distinct on (file) file, drift from watch.audit_run
        order by file, id desc) latest) as drift,
    (select max(at) from watch.audit_run) as audited_at
