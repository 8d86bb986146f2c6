-- name: open
-- Refused events that are neither mended nor set aside, newest first; all of them with :every. Indexes: dead_letter_open, primary key.
-- Budget: 10 ms.
select id, at, source, event_id, index_in_batch, reason, tries, asked_at, repaired_at, repaired_by, outcome, note
from ledger.dead_letter where repaired_at is null or cast(%(every)s as boolean) order by id desc limit %(limit)s

-- name: one
-- One refused event with its original, encrypted, for who may change it. Index: primary key. Budget: 1 ms.
select id, at, source, event_id, index_in_batch, reason, tries, asked_at, repaired_at, repaired_by, outcome, note, original_encrypted
from ledger.dead_letter where id = %(id)s for update

-- name: asked
-- What people asked to be taken again, as it is, longest waiting first. Index: dead_letter_asked. Budget: 2 ms.
select id, asked_by from ledger.dead_letter where asked_at is not null and repaired_at is null order by asked_at, id limit %(limit)s

-- name: mended
-- It was taken: what it became, by whom, and what was said of it. A letter that is closed stays closed. Index: primary key.
update ledger.dead_letter set repaired_at = now(), repaired_by = %(who)s, outcome = %(outcome)s, note = %(note)s, tried_at = now(),
    tries = tries + 1, asked_at = null
where id = %(id)s and repaired_at is null

-- name: still_refused
-- The reason of the last try of the letter as it is; a corrected event says its own (:reason null). Index: primary key.
update ledger.dead_letter set reason = coalesce(%(reason)s, reason), tried_at = now(), tries = tries + 1, asked_at = null
where id = %(id)s and repaired_at is null

-- name: set_aside
-- Index: primary key.
update ledger.dead_letter set repaired_at = now(), repaired_by = %(who)s, outcome = 'set_aside', note = %(note)s, asked_at = null
where id = %(id)s and repaired_at is null
