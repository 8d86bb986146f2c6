-- name: waiting_marks
-- The oldest marks and their sizes, to choose how many to take at once. Served by the primary key. Budget: 2 ms.
select id, n from ledger.mark order by id limit %(limit)s

-- name: claim_marks
-- Marks carry no unique key, and that is deliberate: with one, intake would wait for the evaluator (design §4).
-- Several at once, so that bursts coalesce. Served by the primary key. Budget: 5 ms.
delete from ledger.mark
where id in (select id from ledger.mark where id = any(%(ids)s) order by id for update skip locked)
returning entity, columns, periods

-- name: add_claim
insert into watch.claim (files, keys, periods) values (%(files)s, %(keys)s::text[], %(periods)s)

-- name: next_claim
-- The oldest claim nobody holds. Served by the primary key.
select id, files, keys, periods, tries from watch.claim
where parked_at is null order by id limit 1 for update skip locked

-- name: due_rechecks
-- Instants that have passed. Served by recheck_due. Budget: 5 ms.
delete from watch.recheck
where (file, subject_kind, subject_key, period) in (
    select file, subject_kind, subject_key, period from watch.recheck where at <= %(now)s order by at limit %(limit)s for update skip locked)
returning file, subject_key, period

-- name: next_resweep
select id, file, after_key, tries from watch.resweep
where parked_at is null order by id limit 1 for update skip locked

-- name: add_resweep
-- One waiting request per file is enough; one that has begun is not.
insert into watch.resweep (file, reason)
select %(file)s, %(reason)s
where not exists (select from watch.resweep where file = %(file)s and after_key is null and parked_at is null)

-- name: next_bound
-- The last key of the next piece of a sweep; null when fewer are left.
select max(key), count(*) from (select distinct key from ({universe}) u where key > %(after)s order by key limit %(limit)s) piece

-- name: closed_batches
-- Of these batches the closed ones, with the share judged before. Served by the primary keys.
select b.batch_id, s.lines, s.fired from store.payment_batch b left join store.batch_share s on s.share_id = %(file)s || '/' || b.batch_id
where b.batch_id = any(%(batch_ids)s) and b.closed_at is not null

-- name: lines_of_batches
select batch_id, count(*) from store.payment where batch_id = any(%(batch_ids)s) group by batch_id

-- name: note_evaluated
-- Evaluators side by side do not wait for each other over this.
update watch.rule_state set evaluated_at = %(at)s
where (file, code) in (select file, code from watch.rule_state where file = any(%(files)s) order by file, code for update skip locked)
