-- 0073 received: who receives what in which months, for rules about people
-- Phase: before the code.

-- A benefit of a person, or of the household for each member counted; months as texts, an open end as 9999-12. Two branches, so that
-- a filter on person_key or benefit_id goes in.
create view facts.received as
select
    i.person_key, b.benefit_id, b.programme, b.household_id, b.region_code, b.monthly_amount_fen, b.gradual_exit_from, b.application_id, b.covered_persons,
    b.method, b.start_period as from_period, coalesce(b.end_period, '9999-12') as to_period, 1 as own
from store.identity i
join facts.benefit b on b.person_id = i.person_id
union all
select
    i.person_key, b.benefit_id, b.programme, b.household_id, b.region_code, b.monthly_amount_fen, b.gradual_exit_from, b.application_id, b.covered_persons,
    b.method, greatest(b.start_period, to_char(m.from_date, 'YYYY-MM')),
    least(coalesce(b.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')), 0
from store.identity i
join facts.household_member m on m.person_id = i.person_id and m.counted
join facts.benefit b on b.household_id = m.household_id and coalesce(b.person_id, '') = '';

-- Two benefits of one human and the months both cover (none where from_period comes after to_period). A branch for each way of
-- holding them, so that each is a chain of index look-ups from a person_key.
create view facts.received_pair as
select i.person_key, a.benefit_id as benefit_a, a.programme as programme_a, a.household_id as household_a, a.region_code, a.monthly_amount_fen as amount_a_fen, a.gradual_exit_from as exit_a, a.method as method_a, b.benefit_id as benefit_b, b.programme as programme_b, b.household_id as household_b, b.region_code as region_b, b.monthly_amount_fen as amount_b_fen, b.gradual_exit_from as exit_b, b.method as method_b, greatest(a.start_period, b.start_period) as from_period, least(coalesce(a.end_period, '9999-12'), coalesce(b.end_period, '9999-12')) as to_period
from store.identity i
join facts.benefit a on a.person_id = i.person_id
join store.identity j on j.person_key = i.person_key
join facts.benefit b on b.person_id = j.person_id
where (a.programme, a.benefit_id) < (b.programme, b.benefit_id)
union all
select i.person_key, a.benefit_id, a.programme, a.household_id, a.region_code, a.monthly_amount_fen, a.gradual_exit_from, a.method, b.benefit_id, b.programme, b.household_id, b.region_code, b.monthly_amount_fen, b.gradual_exit_from, b.method, greatest(a.start_period, greatest(b.start_period, to_char(n.from_date, 'YYYY-MM'))), least(coalesce(a.end_period, '9999-12'), least(coalesce(b.end_period, '9999-12'), coalesce(to_char(n.to_date, 'YYYY-MM'), '9999-12')))
from store.identity i
join facts.benefit a on a.person_id = i.person_id
join store.identity j on j.person_key = i.person_key
join facts.household_member n on n.person_id = j.person_id and n.counted
join facts.benefit b on b.household_id = n.household_id and coalesce(b.person_id, '') = ''
where (a.programme, a.benefit_id) < (b.programme, b.benefit_id)
union all
select i.person_key, a.benefit_id, a.programme, a.household_id, a.region_code, a.monthly_amount_fen, a.gradual_exit_from, a.method, b.benefit_id, b.programme, b.household_id, b.region_code, b.monthly_amount_fen, b.gradual_exit_from, b.method, greatest(greatest(a.start_period, to_char(m.from_date, 'YYYY-MM')), b.start_period), least(least(coalesce(a.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')), coalesce(b.end_period, '9999-12'))
from store.identity i
join facts.household_member m on m.person_id = i.person_id and m.counted
join facts.benefit a on a.household_id = m.household_id and coalesce(a.person_id, '') = ''
join store.identity j on j.person_key = i.person_key
join facts.benefit b on b.person_id = j.person_id
where (a.programme, a.benefit_id) < (b.programme, b.benefit_id)
union all
select i.person_key, a.benefit_id, a.programme, a.household_id, a.region_code, a.monthly_amount_fen, a.gradual_exit_from, a.method, b.benefit_id, b.programme, b.household_id, b.region_code, b.monthly_amount_fen, b.gradual_exit_from, b.method, greatest(greatest(a.start_period, to_char(m.from_date, 'YYYY-MM')), greatest(b.start_period, to_char(n.from_date, 'YYYY-MM'))), least(least(coalesce(a.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')), least(coalesce(b.end_period, '9999-12'), coalesce(to_char(n.to_date, 'YYYY-MM'), '9999-12')))
from store.identity i
join facts.household_member m on m.person_id = i.person_id and m.counted
join facts.benefit a on a.household_id = m.household_id and coalesce(a.person_id, '') = ''
join store.identity j on j.person_key = i.person_key
join facts.household_member n on n.person_id = j.person_id and n.counted
join facts.benefit b on b.household_id = n.household_id and coalesce(b.person_id, '') = ''
where (a.programme, a.benefit_id) < (b.programme, b.benefit_id);

grant select on facts.received, facts.received_pair to aidwatch_worker, rule_reader;
create index application_applicant on store.application (applicant_person_id) where applicant_person_id is not null;  -- D13
