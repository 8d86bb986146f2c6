-- name: take_outbox
-- What findings announced, oldest first; another evaluator takes other rows. Served by the primary key. Budget: 10 ms per 1,000.
delete from watch.outbox
where id in (select id from watch.outbox order by id limit %(limit)s for update skip locked)
returning id, payload::text

-- name: add_dead_letter
insert into ledger.dead_letter (index_in_batch, reason, original_encrypted) values (%(index)s, %(reason)s, %(original)s)
