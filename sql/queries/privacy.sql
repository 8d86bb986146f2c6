-- name: person_of_finding
select subject_kind, subject_key from watch.finding where finding_id = %(finding_id)s

-- name: is_person
select exists (select from store.identity where person_key = %(key)s)

-- name: values_of_person
-- Pseudonyms of everything the vault may hold of one person, and whether somebody else's records use the same value: a name or an
-- address is not one person's alone. Every version of a record counts. Reads store.person in full: a rare act. Budget: 5 s.
with one as (select person_id from store.identity where person_key = %(key)s),
record as (select p.id_number_key, p.name_key, p.phone_key from store.person p where p.person_id in (select person_id from one)),
home as (select m.household_id from store.household_member m where m.person_id in (select person_id from one)),
value(pseudonym) as (
    select %(key)s::text
    union select id_number_key from record union select name_key from record union select phone_key from record
    union select p.account_key from store.payment p where p.payee_person_id in (select person_id from one)
    union select a.account_key from store.account a where a.holder_id_number_key in (select id_number_key from record)
    union select h.address_key from store.household h where h.household_id in (select household_id from home)),
other(pseudonym) as (
    select unnest(array[p.name_key, p.phone_key]) from store.person p
        where p.person_id not in (select person_id from one) and (p.name_key in (select pseudonym from value) or p.phone_key in (select pseudonym from value))
    union select s.name_key from store.staff s where s.id_number_key is distinct from %(key)s
    union select v.legal_representative_key from store.provider v
    union select a.holder_name_key from store.account a where a.holder_id_number_key not in (select id_number_key from record where id_number_key is not null)
    union select a.account_key from store.account a where a.holder_id_number_key not in (select id_number_key from record where id_number_key is not null)
    union select p.account_key from store.payment p where p.account_key in (select pseudonym from value)
        and p.payee_person_id not in (select person_id from one)
    union select h.address_key from store.household h join store.household_member m on m.household_id = h.household_id
        where h.address_key in (select pseudonym from value) and m.person_id not in (select person_id from one))
select pseudonym, pseudonym in (select o.pseudonym from other o where o.pseudonym is not null) as is_shared from value where pseudonym is not null

-- name: erase
-- What is erased leaves its pseudonym, so that no later event fills it in again. Served by the primary key.
update vault.identity set ciphertext = null, erased_at = now() where pseudonym = any(%(pseudonyms)s::text[]) and erased_at is null

-- name: forget_keys
-- What a person was compared by. Index: identity_person_key, link_key_person.
delete from watch.link_key where person_id in (select person_id from store.identity where person_key = %(key)s)

-- name: remove
-- What is over its time goes altogether: should the person apply again, the values come again.
delete from vault.identity where pseudonym = any(%(pseudonyms)s::text[]) and erased_at is null

-- name: note
insert into access.trail (who, what, about, detail) values (%(who)s, %(what)s, %(about)s, %(detail)s)

-- name: periods
select kind, keep_days, least_days, basis from access.retention order by kind

-- name: set_period
update access.retention set keep_days = %(days)s where kind = %(kind)s

-- name: forget
select access.forget(%(kind)s, %(limit)s)

-- name: long_gone
-- People whose benefits all ended longer ago than the period, with a number still in the vault. Served by benefit_person,
-- benefit_household, member_person. Budget: 10 s.
with period as (select to_char(now() - make_interval(days => keep_days), 'YYYY-MM') as month, now() - make_interval(days => keep_days) as at
    from access.retention where kind = 'clear_value'),
theirs as (
    select i.person_key, b.end_period from store.identity i join store.benefit b on b.person_id = i.person_id and b.to_at is null
    union all
    select i.person_key, b.end_period from store.identity i join store.household_member m on m.person_id = i.person_id
        join store.benefit b on b.household_id = m.household_id and b.to_at is null)
select t.person_key from theirs t cross join period
where exists (select from vault.identity v where v.pseudonym = t.person_key and v.erased_at is null)
    and not exists (select from store.identity i join store.application a on a.applicant_person_id = i.person_id
        where i.person_key = t.person_key and a.submitted_at > period.at)
group by t.person_key, period.month
having bool_and(t.end_period is not null and t.end_period < period.month)
limit %(limit)s
