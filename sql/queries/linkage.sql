-- name: outdated
-- Records of persons whose digest is not the one their keys were made from, that have none, or that another model compared; null digest: gone.
-- Reads store.person from end to end: by the clock only. Budget: 60 s at 6 million.
select coalesce(now.person_id, l.person_id) as person_id, now.digest
from (select p.person_id, hashtextextended(concat_ws('|', p.id_number_key, p.name_key, p.phone_key, p.birth_date, p.id_birth_date, p.sex, p.id_sex,
            h.region_code, h.address_key), 0) as digest
        from store.person p
        left join (select m.person_id, max(m.household_id) as household_id from store.household_member m where m.to_date is null group by 1) m
            on m.person_id = p.person_id
        left join store.household h on h.household_id = m.household_id and h.to_at is null
        where p.to_at is null) now
full join watch.linked l on l.person_id = now.person_id
where l.digest is distinct from now.digest or l.model <> %(model)s
order by 1
limit %(limit)s

-- name: records
-- What is compared of some persons: pseudonyms of what the vault holds, and what is not secret. Indexes: person_current, member_person.
-- Budget: 5 ms for 300.
select p.person_id, coalesce(p.id_number_key, 'person:' || p.person_id) as own_key, p.id_number_key, p.name_key, p.phone_key,
    coalesce(p.birth_date, p.id_birth_date)::text as birth_date, coalesce(p.sex, p.id_sex) as sex, h.region_code as village, h.address_key
from store.person p
left join lateral (select max(m.household_id) as household_id from store.household_member m where m.person_id = p.person_id and m.to_date is null) m on true
left join store.household h on h.household_id = m.household_id and h.to_at is null
where p.person_id = any(%(people)s::text[]) and p.to_at is null

-- name: sealed
-- Under role vault_reader only. Index: primary key.
select pseudonym, ciphertext from vault.identity where pseudonym = any(%(pseudonyms)s::text[]) and ciphertext is not null

-- name: candidates
-- Who shares a key with whom, but for keys that more than the largest block share. Index: primary key. Budget: 5 ms for one person.
select k.key, array(select l.person_id from watch.link_key l where l.key = k.key order by l.person_id limit %(most)s + 1) as people
from unnest(%(keys)s::text[]) k(key)

-- name: forget_keys
delete from watch.link_key where person_id = any(%(people)s::text[])

-- name: add_keys
insert into watch.link_key (key, person_id) select * from unnest(%(keys)s::text[], %(people)s::text[]) on conflict do nothing

-- name: linked
insert into watch.linked (person_id, digest, model) select *, %(model)s from unnest(%(people)s::text[], %(digests)s::bigint[])
on conflict (person_id) do update set digest = excluded.digest, model = excluded.model

-- name: unlinked
delete from watch.linked where person_id = any(%(people)s::text[])

-- name: no_longer_alike
-- Pairs of records that were made anew and are not among those found now. What people decided stays decided. Whose other record waits to be compared by
-- this model is judged then: its keys are of another one. Indexes: person_pair_left_record, …right_record.
update watch.person_pair p set present = false
where p.present and (p.left_person_id = any(%(people)s::text[]) or p.right_person_id = any(%(people)s::text[]))
    and not exists (select from unnest(%(left_keys)s::text[], %(right_keys)s::text[]) f(l, r) where f.l = p.left_key and f.r = p.right_key)
    and not exists (select from watch.linked l where l.person_id in (p.left_person_id, p.right_person_id)
        and l.person_id <> all(%(people)s::text[]) and l.model <> %(model)s)
returning p.left_key

-- name: found
-- Index: primary key. The most alike records of two identities stand; a decision stays.
insert into watch.person_pair as p (left_key, right_key, left_person_id, right_person_id, probability, weight, prior_weight, reasons, found_at)
values (%(left_key)s, %(right_key)s, %(left_person_id)s, %(right_person_id)s, %(probability)s, %(weight)s, %(prior_weight)s, %(reasons)s,
    (select watch.now_at()))
on conflict (left_key, right_key) do update set left_person_id = excluded.left_person_id, right_person_id = excluded.right_person_id,
    probability = excluded.probability, weight = excluded.weight, prior_weight = excluded.prior_weight, reasons = excluded.reasons,
    found_at = case when p.present then p.found_at else excluded.found_at end, present = true
where excluded.weight >= p.weight or not p.present or p.left_person_id = any(%(people)s::text[]) or p.right_person_id = any(%(people)s::text[])

-- name: mark
-- The rule of the merge queue is asked about these persons.
insert into ledger.mark (entity, columns, periods, n)
select 'person_pair', json_build_object('person_key', array_agg(distinct facts.one_person(k))), null, count(distinct k)
from unnest(%(keys)s::text[]) k having count(*) > 0
