-- name: values
-- What may be revealed of a finding: numbers, names, phones and accounts of the people it is about, as far as they are seen.
-- Keys are asked in arrays (see console_finding.referred). Indexes: member_household, benefit_*, payment_benefit, payment_account,
-- person_pseudonym. Budget: 40 ms.
with subject as (select subject_kind as about, subject_key as about_key from watch.finding where finding_id = cast(:finding_id as text)),
application as (
    select household_id, applicant_person_id from seen.application
    where application_id = any(array(select about_key from subject where about = 'application'))),
benefit as (select household_id, person_id from seen.benefit where benefit_id = any(array(select about_key from subject where about = 'benefit'))),
home as (
    select about_key as household_id from subject where about = 'household'
    union select household_id from application union select household_id from benefit),
paid_about as (
    select account_key, account_mask, account_name_mask, payee_person_id from seen.payment
    where account_key = any(array(select about_key from subject where about = 'account'))),
who as (
    select person_id from seen.person where person_key = any(array(select about_key from subject where about = 'person'))
    union select person_id from seen.household_member where household_id = any(array(select household_id from home))
    union select applicant_person_id from application union select person_id from benefit
    union select payee_person_id from paid_about),
person as (select distinct * from seen.person where person_id = any(array(select person_id from who))),
paid as (
    select * from paid_about
    union select account_key, account_mask, account_name_mask, payee_person_id from seen.payment
        where benefit_id = any(array(select about_key from subject where about = 'benefit'))
    union select account_key, account_mask, account_name_mask, payee_person_id from seen.payment
        where payee_person_id = any(array(select person_id from who)))
select kind, pseudonym, mask, whose, min(person_id) as person_id from (
    select 1 as place, 'id_number' as kind, id_number_key as pseudonym, id_number_mask as mask, name_mask as whose, person_id from person
    union select 2, 'name', name_key, name_mask, name_mask, person_id from person
    union select 3, 'phone', phone_key, phone_mask, name_mask, person_id from person
    union select 4, 'account', account_key, account_mask, account_name_mask, payee_person_id from paid) value
where pseudonym is not null
group by place, kind, pseudonym, mask, whose
order by place, whose, mask
limit 200

-- name: looked_up
-- How often somebody looked within a time. Served by reveal_who. Budget: 2 ms.
select count(*) from access.reveal where who = :who and at > now() - make_interval(secs => :within_s)

-- name: note
insert into access.reveal (who, finding_id, kind, pseudonym, person_id, purpose, case_no, address)
values (:who, :finding_id, :kind, :pseudonym, :person_id, :purpose, :case_no, :address)

-- name: to_take
-- Reveals whose event is not taken yet, oldest first. Served by reveal_to_take. Budget: 2 ms.
select id, at, who, person_id, purpose || ' ' || case_no as purpose from access.reveal where taken_at is null order by id limit %(limit)s

-- name: taken
update access.reveal set taken_at = now() where id = any(%(ids)s::bigint[])

-- name: sealed
-- The clear value, encrypted. To be asked as vault_reader.
select ciphertext from vault.identity where pseudonym = :pseudonym

-- name: looks
-- Who looked at what of a finding, newest first. Served by reveal_finding. Budget: 5 ms.
select at, who, kind, purpose, case_no from access.reveal where finding_id = cast(:finding_id as text) order by id desc limit 100
