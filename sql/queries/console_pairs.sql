-- name: waiting
-- Pairs of one state of decision, those to decide first by probability. Indexes: person_pair_open, person_pair_decided. Budget: 100 ms.
select p.left_key, p.right_key, p.probability, p.found_at, p.decision, p.decided_by, p.decided_at, p.whole, l.name_mask as left_name,
    r.name_mask as right_name, l.id_number_mask as left_number, r.id_number_mask as right_number
from seen.person_pair p
left join lateral (select name_mask, id_number_mask from seen.person where person_id = p.left_person_id limit 1) l on true
left join lateral (select name_mask, id_number_mask from seen.person where person_id = p.right_person_id limit 1) r on true
where (cast(:decided as boolean) and p.decision <> 'undecided') or (not cast(:decided as boolean) and p.decision = 'undecided' and p.present)
order by case when p.decision = 'undecided' then p.probability end desc, p.decided_at desc, p.left_key, p.right_key
limit :limit

-- name: counts
-- How many wait and how many were decided how, as far as one sees. Budget: 100 ms.
select count(*) filter (where decision = 'undecided' and present) as waiting, count(*) filter (where decision = 'same') as same,
    count(*) filter (where decision = 'different') as different
from seen.person_pair

-- name: pair
-- One pair with what it rests on. Index: primary key.
select left_key, right_key, left_person_id, right_person_id, probability, weight, prior_weight, reasons, found_at, present, decision,
    decided_at, decided_by, note, merged, whole
from seen.person_pair where left_key = cast(:left_key as text) and right_key = cast(:right_key as text)

-- name: sides
-- Both records, masked, with the year of birth and the place; a side that may not be seen is missing. Indexes: person_current, member_person.
select p.person_id, p.person_key, p.name_mask, p.id_number_mask, p.id_valid, coalesce(p.sex, p.id_sex) as sex, p.phone_mask,
    extract(year from coalesce(p.birth_date, p.id_birth_date))::int as born, h.region_code, h.address_mask
from seen.person p
left join lateral (select max(m.household_id) as household_id from seen.household_member m where m.person_id = p.person_id and m.to_date is null) m on true
left join lateral (select region_code, address_mask from seen.household where household_id = m.household_id limit 1) h on true
where p.person_id = any(cast(:people as text[]))
limit 2

-- name: story
-- What was decided of a pair, newest first. Index: pair_decision_pair.
select at, decision, by_whom, note from seen.pair_decision
where left_key = cast(:left_key as text) and right_key = cast(:right_key as text) order by id desc limit 50

-- name: decide
select access.decide_pair(cast(:left_key as text), cast(:right_key as text), cast(:said as text), cast(:who as text), cast(:why as text))

-- name: known_as
-- The pseudonym a human is known by: another one where people merged two. Index: primary key.
select facts.one_person(cast(:key as text))
