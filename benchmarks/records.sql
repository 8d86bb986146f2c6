-- One person, household, benefit and decided application for each row of the temporary table n (city.sql, pages.sql).
insert into store.identity select person_id, person_key from n;
insert into store.person(person_id, id_type, id_number_key, id_number_mask, id_valid, name_key, name_mask, sex, person_key, event_source, event_at, arrival, from_at)
select person_id, 'resident_id', person_key, '3714*************1', true, name_key, '张*', 'M', person_key, '/bench', '2020-01-01', i, '1900-01-01 00:00+00' from n;
insert into store.household(household_id, region_code, head_person_id, urban_rural, event_source, event_at, arrival, from_at)
select household_id, region_code, person_id, case when i % 3 = 0 then 'urban' else 'rural' end, '/bench', '2020-01-01', i, '1900-01-01 00:00+00' from n;
insert into store.household_member(member_id, household_id, person_id, relation_to_head, counted, from_date, to_date, event_source, event_at, arrival)
select 'M' || i, household_id, person_id, 'self', true, '2020-01-01', null, '/bench', '2020-01-01', i from n;
insert into store.benefit(benefit_id, programme, household_id, person_id, application_id, region_code, covered_persons, monthly_amount_fen, method, start_period,
    end_period, extras_fen, review_class, last_review_on, event_source, event_at, arrival, from_at)
select benefit_id, programme, household_id, case when programme = 'dibao' then null else person_id end, 'A' || i, region_code, 1, 60000,
    case when programme in ('dibao', 'tekun') then 'difference' else 'tier' end, '2020-01', null, 0, 'A', current_date - 90, '/bench', '2020-01-01', i, '1900-01-01 00:00+00' from n;
insert into store.application(application_id, programme, path, region_code, household_id, applicant_person_id, submitted_at, event_source, event_at, arrival)
select 'A' || i, programme, 'standard', region_code, household_id, person_id, '2019-11-01 09:00+08', '/bench', '2019-11-01', i from n;
insert into store.stage(stage_id, application_id, stage_code, at, result, staff_ids, evidence, event_source, event_at, arrival)
select 'A' || i || '/' || s.code, 'A' || i, s.code, timestamptz '2019-11-01 09:00+08' + s.day * interval '1 day', s.result,
    case s.code when 'VISIT' then array['Sa' || i, 'Sb' || i] end, case s.code when 'VISIT' then array['signature', 'photo'] end, '/bench', '2019-11-01', i
from n, (values ('ACCEPT', 3, null), ('SURVEY_START', 4, null), ('VISIT', 5, null), ('CHECK_REPORT', 7, null), ('OPINION', 9, 'agree'), ('PUBLICITY_START', 10, null),
    ('PUBLICITY_END', 18, null), ('DECIDE', 19, 'agree')) s(code, day, result);
insert into store.income_check(check_id, application_id, household_id, checked_at, verified_per_capita_fen, authorised, event_source, event_at, arrival)
select 'C' || i, 'A' || i, household_id, '2019-11-10 09:00+08', 20000, true, '/bench', '2019-11-10', i from n;
insert into store.account(account_id, account_key, account_mask, holder_role, agency_agreement, event_source, event_at, arrival, from_at)
select 'Z' || i, account_key, '*0000', 'own', false, '/bench', '2020-01-01', i, '1900-01-01 00:00+00' from n;
insert into store.register(record_id, kind, id_number_key, from_date, as_of, event_source, event_at, arrival)
select 'D' || i, 'death', left(encode(sha256(('dead' || i)::bytea), 'base64'), 22), '2026-01-01', '2026-11-01', '/bench', '2026-01-01', i from n where i % 20 = 0;
insert into store.standard(standard_id, region_code, programme, urban_rural, monthly_amount_fen, valid_from, event_source, event_at, arrival)
select p || u, '371400000000', p, u, 80000, '2019-01-01', '/bench', '2019-01-01', 0 from unnest(array['dibao', 'tekun']) p, unnest(array['urban', 'rural']) u;
insert into store.tier(tier_id, region_code, programme, category, monthly_amount_fen, valid_from, event_source, event_at, arrival)
select p, '371400000000', p, 'all', 60000, '2019-01-01', '/bench', '2019-01-01', 0 from unnest(array['old_age', 'disability_care']) p;
