-- name: findings
-- Findings as they are shown, counted by what has few values. Reads the whole table: the answer is kept for
-- at least twenty times as long as it took. Budget: 1 s at 1,000,000 findings.
select rule, coalesce(card, 'none') as card, stage, present, count(*) as n
from watch.finding_shown
group by 1, 2, 3, 4

-- name: sources
-- When each source was last heard of. Budget: 10 ms.
select source, extract(epoch from max(last_at))::float8 as last_at_s, sum(events)::bigint as events
from store.source_state
group by source
order by source
limit 500

-- name: channels_failing
-- Channels whose last try failed. Budget: 2 ms.
select count(*) as n from access.subscription where failing_since is not null

-- name: partitions
-- Month partitions of the large tables. Budget: 5 ms.
select parent.relnamespace::regnamespace || '.' || parent.relname as relation, count(*) as n
from pg_inherits join pg_class parent on parent.oid = inhparent
where parent.oid in ('ledger.event'::regclass, 'store.payment'::regclass)
group by 1

-- name: outside_partitions
-- Rows of months no partition was made for: a sender with a wrong clock. Budget: 5 ms.
select
    (select count(*) from (select from ledger.event_default limit 10000) one) as events,
    (select count(*) from (select from store.payment_default limit 10000) one) as payments

-- name: steps
-- Steps everywhere in the last 13 weeks. Served by duration_pkey. Budget: 5 ms.
select to_stage, sum(n)::bigint as n, sum(limited)::bigint as limited, sum(late)::bigint as late, sum(working) as working
from watch.duration
where region_code = '' and unit_code = '*' and programme = '*'
    and week > cast(watch.now_at() at time zone 'Asia/Shanghai' as date) - 91
group by 1 having sum(n) > 0
order by 1 limit 100

-- name: duration_run
-- The newest full count. Served by the primary key. Budget: 1 ms.
select drift from watch.duration_run order by id desc limit 1

-- name: duration_due
-- Cases waiting to be counted, no further than 1,000,000. Budget: 100 ms then, else 1 ms.
select count(*) as n from (select from watch.duration_due limit 1000000) waiting

-- name: reconciliation
-- What the last 13 benefit months add up to, everywhere. Served by reconciled_pkey. Budget: 10 ms.
select kind, sum(fen)::bigint as fen from watch.reconciled
where region_code = '' and period > to_char(watch.now_at() at time zone 'Asia/Shanghai' - interval '13 months', 'YYYY-MM')
group by 1 order by 1

-- name: reconciliation_run
-- The newest full reconciliation. Served by the primary key. Budget: 1 ms.
select drift from watch.reconciled_run order by id desc limit 1

-- name: tally_run
-- The newest full count of findings. Served by the primary key. Budget: 1 ms.
select cast(told ->> 'drift' as bigint) as drift from watch.counted where name = 'tally'
