-- A city to compare registers with, written straight into the facts: {households} households of three people, their benefits, a year of
-- payments, and three to four records of a register for each person. Most who receive something have clean records; one in 200 does not.
-- place (code, name, level, parent) and town (code, n) come from benchmarks.places. Lines are those of facts that rules of registers and money read.
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
insert into store.source_state(source, entity, last_at, events)
select '/bench', unnest(array['benefit', 'payment', 'person', 'household', 'household_member', 'register']), now(), 1;

create temp table human as
select i, (i + 2) / 3 as h, 'P' || i as person_id, left(translate(encode(sha256(('p' || i)::bytea), 'base64'), '+/', '-_'), 22) as person_key, town.code,
    date '2026-06-01' - (365.25 * case i % 3 when 0 then i / 3 % 95 else 28 + i / 3 % 35 end)::int as birth_date, (array['female', 'male'])[1 + i % 2] as sex,
    (i + 2) / 3 % 27 = 0 as poor
from generate_series(1, {households} * 3) i join town on town.n = (i + 2) / 3 % (select count(*) from town);
analyze human;
insert into store.identity select person_id, person_key from human;
insert into store.person(person_id, id_type, id_number_key, id_number_mask, id_valid, id_birth_date, id_sex, name_key, name_mask, sex, birth_date, hukou_region,
    residence_region, person_key, event_source, event_at, arrival, from_at)
select person_id, 'cn_id', person_key, '3714**********00', true, birth_date, sex, left(md5('n' || i % 60000), 22), '张*', sex, birth_date, code, code, person_key, '/bench', '2025-01-01', i, '1900-01-01' from human;
insert into store.household(household_id, region_code, head_person_id, urban_rural, event_source, event_at, arrival, from_at)
select 'H' || h, code, person_id, 'rural', '/bench', '2025-01-01', i, '2025-01-01' from human where i % 3 = 1;
insert into store.household_member(member_id, household_id, person_id, relation_to_head, counted, from_date, event_source, event_at, arrival)
select 'M' || i, 'H' || h, person_id, (array['child', 'head', 'spouse'])[1 + i % 3], true, '2024-01-01', '/bench', '2025-01-01', i from human;

create temp table award as
select 'D' || h as benefit_id, 'dibao' as programme, h, person_id, code, 3 as persons, (60000 + h % 300 * 100)::bigint as fen, i from human where poor and i % 3 = 1
union all select 'T' || i, 'tekun', h, person_id, code, 1, 120000, i from human where not poor and h % 100 = 1 and i % 3 = 0 and birth_date < '1962-01-01'
union all select 'O' || i, 'old_age', h, person_id, code, 1, 10000, i from human where birth_date < '1945-01-01'
union all select 'C' || i, 'disability_care', h, person_id, code, 1, 15000, i from human where i % 60 = 7
union all select 'L' || i, 'disability_living', h, person_id, code, 1, 15000, i from human where poor and i % 60 = 37;
insert into store.application(application_id, programme, path, region_code, household_id, applicant_person_id, submitted_at, kin_flag, event_source, event_at, arrival)
select 'A' || benefit_id, programme, 'full', code, 'H' || h, person_id, '2025-05-06 10:00+08', false, '/bench', '2025-05-06', i from award;
insert into store.stage(stage_id, application_id, stage_code, at, recorded_at, result, event_source, event_at, arrival)
select benefit_id || kind, 'A' || benefit_id, kind, at, at, result, '/bench', at, i from award cross join (values ('ACCEPT', timestamptz '2025-05-07 10:00+08', 'pass'),
    ('DECIDE', '2025-05-14 10:00+08', 'approve')) step(kind, at, result);
insert into store.standard(standard_id, region_code, programme, urban_rural, monthly_amount_fen, valid_from, event_source, event_at, arrival)
select code || urban_rural, code, 'dibao', urban_rural, fen, '2024-01-01', '/bench', '2024-01-01', 1
from place cross join (values ('urban', 90000), ('rural', 80000)) s(urban_rural, fen) where level = 'county';
insert into store.benefit(benefit_id, application_id, programme, household_id, person_id, region_code, covered_persons, monthly_amount_fen, start_period, last_review_on, from_at,
    event_source, event_at, arrival)
select benefit_id, 'A' || benefit_id, programme, 'H' || h, case when programme <> 'dibao' then person_id end, code, persons, fen,
    case when programme in ('dibao', 'tekun') then '2025-06' else '2025-05' end, '2026-08-01', '1900-01-01', '/bench', '2025-06-05', i
from award;

create temp table month as select to_char(m, 'YYYY-MM') as period, m::timestamp at time zone 'Asia/Shanghai' + interval '8 days 10 hours' as at,
    row_number() over (order by m) as nth from generate_series(timestamp '2025-11-01', timestamp '2026-10-01', interval '1 month') m;
select store.ensure_periods(array_agg(period)) from month;
insert into store.payment_batch(batch_id, programme, region_code, period, lines, total_fen, closed_at, event_source, event_at, arrival)
select 'K' || code || programme || period, programme, code, period, count(*), sum(fen), at + interval '6 hours', '/bench', at, max(nth)
from award cross join month group by code, programme, period, at;
insert into store.payment(payment_id, batch_id, benefit_id, programme, region_code, household_id, payee_person_id, account_key, account_mask, account_name_key,
    account_name_mask, period, amount_fen, kind, submitted_at, judged_at, paid_at, status, channel, event_source, event_at, arrival)
select benefit_id || '-' || nth, 'K' || code || programme || period, benefit_id, programme, code, 'H' || h, person_id, left(md5('a' || i || programme), 22), '*0000', left(md5('n' || i % 60000), 22),
    '张*', period, case when (i + nth) % 2000 = 0 then fen + 1000 else fen end, 'regular', at - interval '18 hours', at - interval '18 hours', at, 'paid', 'bank', '/bench', at, i * 12 + nth
from award cross join month;
