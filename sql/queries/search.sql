-- name: people
-- People of a pseudonym: by number, name, phone or account (whom it pays); masks only. Indexes: person_pseudonym, person_name, person_phone,
-- payment_account, primary key of person. Budget: 50 ms.
select distinct p.person_key, p.person_id, p.name_mask, p.id_number_mask, extract(year from coalesce(p.birth_date, p.id_birth_date))::int as born,
    (select r.name from facts.region r where r.region_code = (select h.region_code from seen.household h
        where h.household_id = any(array(select m.household_id from seen.household_member m where m.person_id = p.person_id)) limit 1)) as place
from seen.person p
where (cast(:kind as text) = 'id_number' and p.person_key = facts.one_person(cast(:pseudonym as text)))
    or (cast(:kind as text) = 'name' and p.name_key = cast(:pseudonym as text))
    or (cast(:kind as text) = 'phone' and p.phone_key = cast(:pseudonym as text))
    or (cast(:kind as text) = 'account' and p.person_id = any(array(
        select paid.payee_person_id from seen.payment paid where paid.account_key = cast(:pseudonym as text))))
order by 1, 2 limit 51

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
select count(*) from access.lookup
where name = :who and at > now() - make_interval(secs => :within_s) and token_id is null

-- name: note
-- An event is taken from it later, if it found anybody.
insert into access.lookup (token_id, name, kind, pseudonym, purpose, case_no, found, person_id, person_ids, taken_at)
values (:token_id, :name, :kind, :pseudonym, :purpose, :case_no, :found, :person_id, cast(:person_ids as text[]),
    case when cast(:found as int) = 0 then now() end)

-- name: to_take
-- Look-ups whose event is not taken yet, oldest first. Served by lookup_to_take. Budget: 2 ms.
select id, at, left(case when token_id is null then name else 'token ' || name end, 64) as who, person_id,
    nullif(concat_ws(' ', purpose, case_no), '') as purpose
from access.lookup where taken_at is null order by id limit %(limit)s

-- name: taken
update access.lookup set taken_at = now() where id = any(%(ids)s::bigint[])
