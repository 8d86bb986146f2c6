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

-- name: counted_at
-- When a computation last ran (workers.remade, workers.courses …). Index: primary key. Budget: 1 ms.
select at from watch.counted where name = :name

-- name: dead_letters
-- Records that were refused and are neither taken since nor set aside, newest first, without their content, and how many there are.
-- Index: dead_letter_open. Budget: 20 ms at 100,000.
select id, at, source, event_id, index_in_batch, reason, tries, count(*) over () as n
from ledger.dead_letter
where repaired_at is null
order by id desc
limit :most

-- name: letter
-- One refused record with its original, encrypted. Index: primary key. Budget: 1 ms.
select id, at, source, event_id, reason, tries, tried_at, asked_at, asked_by, repaired_at, repaired_by, outcome, note, original_encrypted
from ledger.dead_letter where id = :id

-- name: send_again
-- The evaluator takes it (workers.dead). Index: primary key.
update ledger.dead_letter set asked_at = now(), asked_by = :who where id = :id and repaired_at is null

-- name: set_aside
-- Index: primary key.
update ledger.dead_letter set repaired_at = now(), repaired_by = :who, outcome = 'set_aside', note = :why, asked_at = null
where id = :id and repaired_at is null

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
