-- name: exists
-- Whether there is such a subject and it may be seen: a unit where it lies in the scope, or has a finding one may see.
-- Indexes: primary keys, person_pseudonym, payment_account, finding_unit, finding_assignee.
select exists (
    select from seen.household where cast(:kind as text) = 'household' and household_id = cast(:key as text)
    union all select from seen.person where cast(:kind as text) = 'person' and person_key = cast(:key as text)
    union all select from seen.benefit where cast(:kind as text) = 'benefit' and benefit_id = cast(:key as text)
    union all select from seen.application where cast(:kind as text) = 'application' and application_id = cast(:key as text)
    union all select from seen.payment where cast(:kind as text) = 'account' and account_key = cast(:key as text)
    union all select from seen.project where cast(:kind as text) = 'project' and project_id = cast(:key as text)
    union all select from seen.payment_batch where cast(:kind as text) = 'payment_batch' and batch_id = cast(:key as text)
    union all select from facts.provider where cast(:kind as text) = 'provider' and provider_id = cast(:key as text)
    union all select from facts.unit where cast(:kind as text) = 'unit' and unit_code = cast(:key as text)
        and coalesce((select access.unit()), unit_code) = unit_code
        and ((select access.everywhere()) or region_code in (select region_code from access.here))
    union all select from watch.finding where cast(:kind as text) = 'unit' and unit_code = cast(:key as text)
    union all select from watch.finding where cast(:kind as text) = 'unit' and assignee = cast(:key as text))

-- name: unit
-- A unit's name and place. Index: primary key. Budget: 2 ms.
select unit_code, name, region_code from facts.unit where unit_code = cast(:key as text) limit 1

-- name: members
-- Who lives in households: masks, and the year of birth only. Index: member_household. Budget: 10 ms.
select m.member_id, m.household_id, m.person_id, p.person_key, p.name_mask, p.id_number_mask, coalesce(p.sex, p.id_sex) as sex,
    extract(year from coalesce(p.birth_date, p.id_birth_date))::int as born, p.disability_category, p.disability_grade,
    m.relation_to_head, m.counted, m.from_date, m.to_date
from seen.household_member m left join lateral (select * from seen.person where person_id = m.person_id limit 1) p on true
where m.household_id = any(cast(:households as text[]))
order by m.household_id, m.to_date nulls first, m.relation_to_head = 'head' desc, m.person_id
limit 100

-- name: benefits
-- Benefits of households and of a person, those that run first, with what was paid. Indexes: benefit_household, benefit_person, payment_benefit.
-- Budget: 40 ms.
select b.benefit_id, b.programme, b.household_id, b.person_id, b.monthly_amount_fen, b.covered_persons, b.start_period, b.end_period,
    b.stop_reason, b.region_code, paid.n, paid.paid_fen, paid.last_period, paid.returned
from seen.benefit b
left join lateral (
    select count(*) as n, coalesce(sum(p.amount_fen) filter (where p.status in ('submitted', 'paid')), 0)::bigint as paid_fen,
        max(p.period) as last_period, count(*) filter (where p.status = 'returned') as returned
    from seen.payment p where p.benefit_id = b.benefit_id) paid on true
where b.household_id = any(cast(:households as text[]))
    or b.person_id = any(array(select person_id from seen.person where cast(:kind as text) = 'person' and person_key = cast(:key as text)))
    or (cast(:kind as text) = 'benefit' and b.benefit_id = cast(:key as text))
    or (cast(:kind as text) = 'application' and b.application_id = cast(:key as text))
order by b.end_period nulls first, b.start_period desc
limit 50

-- name: looks
-- Who looked, newest first: at clear values of the findings of a subject, and who searched by a clear value and found it: the person, the
-- account, or somebody of the households. Indexes: finding_subject, reveal_finding, lookup_people, lookup_value. Budget: 20 ms.
with who as (
    select person_id from seen.person where cast(:kind as text) = 'person' and person_key = cast(:key as text)
    union select person_id from seen.household_member
        where cast(:kind as text) <> 'person' and household_id = any(cast(:households as text[])))
select r.at, r.who, r.kind, r.purpose, r.case_no, false as is_search
from watch.finding f join access.reveal r on r.finding_id = f.finding_id
where f.finding_id = any(cast(:finding_ids as text[])) and (cast(:known as timestamptz) is null or r.at < cast(:known as timestamptz))
union all (
    select l.at, case when l.token_id is null then l.name else 'token ' || l.name end, l.kind, l.purpose, l.case_no, true
    from access.lookup l
    where (l.person_ids && array(select person_id from who)
            or (l.kind = 'account' and cast(:kind as text) = 'account' and l.pseudonym = cast(:key as text)))
        and (cast(:known as timestamptz) is null or l.at < cast(:known as timestamptz))
    order by l.id desc limit 100)
order by 1 desc
limit 100
