-- 0020 look-ups: our own reveals become events of entity access; indexes of rule P20
-- Phase: before the code.
-- A reveal commits with what was shown; the event is taken from the same row later (an outbox), so neither is without the other.
alter table access.reveal add column person_id text, add column taken_at timestamptz;
create index reveal_to_take on access.reveal (id) where taken_at is null;                     -- taking, settle
grant update (taken_at) on access.reveal to aidwatch_worker;
create index access_user on store.access (user_id, at);                                       -- P20
create index kinship_person on store.kinship (person_id, relative_id);                        -- P20
create index kinship_relative on store.kinship (relative_id, person_id);                      -- P20

-- Erasing leaves the pseudonym as a tombstone: what is erased is never filled in again by a later event.
alter table vault.identity alter column ciphertext drop not null, add column erased_at timestamptz;
grant update (ciphertext, erased_at), select (erased_at, kind, at) on vault.identity to aidwatch_worker;
