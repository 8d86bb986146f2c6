-- name: people
-- People of a pseudonym: by number, name or phone; masks only. Indexes: person_pseudonym, person_name, person_phone. Budget: 50 ms.
select distinct p.person_key, p.name_mask, p.id_number_mask, extract(year from coalesce(p.birth_date, p.id_birth_date))::int as born,
    (select r.name from facts.region r where r.region_code = (select h.region_code from seen.household h
        where h.household_id = any(array(select m.household_id from seen.household_member m where m.person_id = p.person_id)) limit 1)) as place
from seen.person p
where (cast(:kind as text) = 'id_number' and p.person_key = facts.one_person(cast(:pseudonym as text)))
    or (cast(:kind as text) = 'name' and p.name_key = cast(:pseudonym as text))
    or (cast(:kind as text) = 'phone' and p.phone_key = cast(:pseudonym as text))
order by 1 limit 51

-- name: record
-- Which records carry this number of their own. Indexes: primary keys.
select kind, key from (
    select 'household' as kind, household_id as key from seen.household where household_id = cast(:key as text)
    union all select 'benefit', benefit_id from seen.benefit where benefit_id = cast(:key as text)
    union all select 'application', application_id from seen.application where application_id = cast(:key as text)
    union all select 'project', project_id from seen.project where project_id = cast(:key as text)
    union all select 'payment_batch', batch_id from seen.payment_batch where batch_id = cast(:key as text)
    union all select 'benefit', benefit_id from seen.payment where payment_id = cast(:key as text)
    union all select 'person', person_key from seen.person where person_id = cast(:key as text)
    union all select 'finding', finding_id from watch.finding where finding_id = cast(:key as text)) found
where key is not null
limit 10

-- name: looked_up
-- How often somebody searched by a clear value within a time. Index: lookup_name. Budget: 2 ms.
select count(*) from access.lookup where name = :who and at > now() - make_interval(secs => :within_s)

-- name: note
insert into access.lookup (name, kind, pseudonym, purpose, case_no, found) values (:who, :kind, :pseudonym, :purpose, :case_no, :found)
