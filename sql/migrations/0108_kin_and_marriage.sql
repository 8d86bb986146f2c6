-- 0108 kin and marriage: kinship told from the other end, marriages by certificate, one house told twice, days abroad counted once
-- Phase: before the code.

-- Kinship is told once for each pair and holds both ways: whose parent somebody is, is their child. Everybody is their own nearest relative.
create or replace view facts.kin as
select person_id, relative_id, relation from store.kinship
union all
select relative_id, person_id, case relation when 'parent' then 'child' when 'child' then 'parent'
    when 'grandparent' then 'grandchild' when 'grandchild' then 'grandparent' else relation end from store.kinship
union all select person_id, person_id, 'self'::text from store.identity;

-- A marriage is one record for each of the two under the number of its certificate; its end (divorce) is their to_date. It lasts where
-- an end is known not to be, and neither married anybody later.
create index register_marriage on store.register ((attributes ->> 'certificate_no')) where kind = 'marriage';
create view facts.marriage as
select a.person_key, b.person_key as spouse_key, greatest(a.from_date, b.from_date) as from_date, greatest(a.to_date, b.to_date) as to_date,
    a.to_date is null and b.to_date is null and (a.to_date_known or b.to_date_known) and not exists (
        select from facts.register later where later.kind = 'marriage' and later.person_key = a.person_key
            and later.from_date > greatest(a.from_date, b.from_date)) and not exists (
        select from facts.register later where later.kind = 'marriage' and later.person_key = b.person_key
            and later.from_date > greatest(a.from_date, b.from_date)) as lasts
from facts.register a
join facts.register b on b.kind = 'marriage' and b.attributes ->> 'certificate_no' = a.attributes ->> 'certificate_no'
    and b.person_key <> a.person_key
where a.kind = 'marriage';

-- Who is married to whom: by the register, and by kinship on record where the register knows of no end. Branches apart, so that a
-- filter on person_key goes in. from_date: where a register tells it.
create view facts.spouse as
select told.person_key, told.spouse_key, max(told.from_date) as from_date
from (
    select m.person_key, m.spouse_key, m.from_date from facts.marriage m where m.lasts
    union all
    select me.person_key, you.person_key, null
    from store.identity me
    join facts.kin kin on kin.person_id = me.person_id and kin.relation = 'spouse'
    join store.identity you on you.person_id = kin.relative_id
    where not exists (
        select from facts.marriage m where m.person_key = me.person_key and m.spouse_key = you.person_key and m.to_date is not null)) told
group by told.person_key, told.spouse_key;

-- Stays abroad without what is told twice: each day counts once. A return that was not told is not taken for a stay that goes on.
create view facts.abroad as
select told.person_key, lower(stay) as from_date, upper(stay) - 1 as to_date
from (
    select r.person_key, range_agg(daterange(r.from_date, r.to_date, '[]')) as stays
    from facts.register r
    where r.kind = 'border' and r.from_date <= coalesce(r.to_date, r.from_date) and (r.to_date is not null or r.to_date_known)
    group by r.person_key) told
cross join lateral unnest(told.stays) stay;

-- Its days one by one, the first eight hundred of a stay.
create view facts.abroad_day as
select stay.person_key, day::date as day, stay.from_date, stay.to_date
from facts.abroad stay
cross join lateral generate_series(stay.from_date, least(stay.to_date, stay.from_date + 799), interval '1 day') day;

grant select on facts.marriage, facts.spouse, facts.abroad, facts.abroad_day to aidwatch_worker, rule_reader;
