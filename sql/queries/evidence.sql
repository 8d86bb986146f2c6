-- name: events
-- The events of a subject as they stand in the ledger, first to last; comes after console_finding.referred.
-- Indexes and budget: as console_finding.timeline.
select e.source, e.event_id, e.occurred_at, e.entity, e.key, e.op, e.sequence, e.body::text as body, e.hash, e.known_at, e.arrival, e.batch_id
from bounded cross join lateral (
    select * from seen.event where entity = bounded.entity and key = bounded.key order by arrival limit 5001) e
order by e.arrival
limit 5001

-- name: batches
-- Batches with the hash each went on from. Indexes: primary key of batch, batch_position. Budget: 20 ms.
select b.batch_id, b.source, b.lane, b.n, b.events, b.hash, before.hash as previous
from unnest(cast(:batch_ids as bigint[]), cast(:sources as text[])) wanted(batch_id, source)
join ledger.batch b on b.batch_id = wanted.batch_id and b.source = wanted.source
left join ledger.batch before on before.source = b.source and before.lane = b.lane and before.n = b.n - 1
order by b.source, b.lane, b.n

-- name: hashes
-- Every hash of some batches in the order in which they were chained. Index: event_batch. Budget: 2 s for 200 batches.
select source, batch_id, arrival, hash from seen.event_hash
where batch_id = any(cast(:batch_ids as bigint[]))
order by batch_id, source, arrival
limit 500001

-- name: rule_text
-- The text of one version of a rule, as last worded. Served by the primary key; the table has some hundred rows. Budget: 5 ms.
select body from watch.rule_text
where version = :version and subject = :subject and :code = any(codes)
order by kept_at desc limit 1
