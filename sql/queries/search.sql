-- name: people
-- People of a pseudonym: by number, name or phone; masks only. Indexes: person_pseudonym, person_name, person_phone. Budget: 50 ms.
select distinct p.person_key, p.name_mask, p.id_number_mask, extract(year from coalesce(p.birth_date, p.id_birth_date))::int as born,
    (select r.name from seen.household_member m join seen.household h on h.household_id = m.household_id
        join facts.region r on r.region_code = h.region_code where m.person_id = p.person_id limit 1) as place
from seen.person p
where case cast(:kind as text) when 'id_number' then p.person_key when 'name' then p.name_key else p.phone_key end = cast(:pseudonym as text)
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
