-- What the pages Timeliness, Procedure, Duplicates, Eligibility, Funds, Projects and Outreach read, over the city of pages.sql and
-- records.sql. What jobs add up from many millions of records elsewhere is written here as its sums, at the size those jobs were
-- measured with (docs/benchmarks.md); overlaps and coverage are counted afterwards by their own jobs.
set synchronous_commit = off;
set work_mem = '256MB';
create temp table town as
select region_code as code, parent_code as county, (row_number() over (order by sha256(region_code::bytea)) - 1)::int as n
from store.region where level = 'township';
create temp table h as
select substr(household_id, 2)::int as i, household_id, 'P' || substr(household_id, 2) as person_id, region_code from store.household;
analyze town; analyze h;
insert into store.workday(day_id, calendar, day, working, event_source, event_at, arrival)
select 'CN/' || day::date, 'CN', day, extract(isodow from day) < 6, '/bench', now(), 1
from generate_series(date '2018-01-01', date '2027-12-31', interval '1 day') day on conflict do nothing;
select store.count_working_days();
insert into store.source_state(source, entity, last_at, events)
select '/bench', entity, timestamptz '2026-11-05 10:00+08', 1 from unnest(array['application', 'stage', 'household', 'person', 'benefit', 'payment', 'payment_batch',
    'visit', 'clue', 'register', 'project', 'service_order', 'survey_response', 'project_payment', 'provider']) entity on conflict do nothing;

-- Outreach: every household visited once, one in four twice; 40,000 pushed; 40,000 that left.
insert into store.visit(visit_id, household_id, kind, risk, visited_at, event_source, event_at, arrival)
select 'V' || nth || '-' || i, household_id, case when i % 9 = 0 then 'quarterly_check' else 'regular' end, (array['red', 'orange', 'yellow', null])[1 + i % 4],
    timestamptz '2026-11-04 09:00+08' - ((i::bigint * 7919) % 400 + nth * 60) * interval '1 day', '/bench', '2026-11-04', i
from h cross join generate_series(1, 2) nth where nth = 1 or i % 4 = 0;
insert into store.clue(clue_id, household_id, region_code, kind, pushed_at, responded_at, event_source, event_at, arrival)
select 'K' || i, household_id, region_code, (array['low_income', 'serious_illness', 'disability', 'unemployed'])[1 + i % 4],
    timestamptz '2026-11-04 09:00+08' - (i % 300) * interval '1 day',
    case when i % 12 <> 0 then timestamptz '2026-11-04 09:00+08' - (i % 300 - i % 30) * interval '1 day' end, '/bench', '2026-11-04', i
from h where i % 6 = 0;
insert into store.benefit(benefit_id, programme, household_id, person_id, region_code, covered_persons, monthly_amount_fen, method, start_period, end_period,
    stop_reason, event_source, event_at, arrival, from_at)
select 'E' || i, 'dibao_margin', household_id, null, region_code, 1, 30000, 'difference', '2021-01', to_char(date '2026-10-01' - (i % 30) * interval '1 month', 'YYYY-MM'),
    (array['income', 'death', 'custody', 'moved'])[1 + i / 6 % 4], '/bench', '2026-10-01', i, '1900-01-01 00:00+00'
from h where i % 6 = 1;

-- Duplicates: one household in three has a second benefit of the same human.
insert into store.benefit(benefit_id, programme, household_id, person_id, region_code, covered_persons, monthly_amount_fen, method, start_period,
    event_source, event_at, arrival, from_at)
select 'D' || i, (array['old_age', 'disability_living', 'tekun'])[1 + i / 3 % 3], household_id, person_id, region_code, 1, 20000, 'tier',
    to_char(date '2022-01-01' + (i % 50) * interval '1 month', 'YYYY-MM'), '/bench', '2022-01-01', i, '1900-01-01 00:00+00'
from h where i % 3 = 0;

-- Eligibility: 300,000 records of other departments.
insert into store.register(record_id, kind, id_number_key, from_date, as_of, event_source, event_at, arrival)
select 'R' || i || kind, kind, p.id_number_key, '2025-01-01', '2026-10-01', '/bench', '2025-01-01', i
from h join store.person p on p.person_id = h.person_id
cross join unnest(array['vehicle', 'social_insurance', 'housing']) kind where i % 5 < 2;

-- Timeliness: 250,000 cases of three years by township.
insert into watch.passage (application_id, nth, from_stage, to_stage, from_at, at, week, region_code, unit_code, programme, working_days, calendar_days, late, again)
select 'A' || i, step.nth, step.a, step.b, ended.at - days.n * interval '1 day', ended.at, date_trunc('week', ended.at at time zone 'Asia/Shanghai')::date,
    town.code, case when step.county then 'U' || left(town.code, 6) || '000000' else 'U' || town.code end,
    (array['dibao', 'dibao', 'tekun', 'dibao_margin', 'disability_living'])[1 + town.n % 5], days.n * 5 / 7, days.n,
    case when step.nth in (0, 2, 5) then i % 20 = 0 end, false
from h join town on town.n = i % (select count(*) from town)
cross join (values (0, 'ACCEPT', 'WHOLE', false, 24), (1, 'APPLY', 'ACCEPT', false, 1), (2, 'ACCEPT', 'SURVEY_START', false, 3), (3, 'SURVEY_START', 'CHECK_REPORT', true, 6),
    (4, 'CHECK_REPORT', 'OPINION', false, 3), (5, 'OPINION', 'PUBLICITY_START', false, 2), (6, 'PUBLICITY_START', 'PUBLICITY_END', false, 7),
    (7, 'PUBLICITY_END', 'DECIDE', true, 5)) step(nth, a, b, county, days)
cross join lateral (select (step.days * (0.5 + (i * 31 % 97) / 60.0))::int) days(n)
cross join lateral (select timestamptz '2026-11-04 09:00+08' - ((i::bigint * 7919) % 1080) * interval '1 day' + (step.nth * 3) * interval '1 hour') ended(at);
insert into watch.open_clock (file, rule, subject_key, item, region_code, unit_code, yellow_at, red_at, evidence)
select 'timeliness.deadline_missed', 'T04', 'A' || i, 'DECIDE', region_code, 'U' || left(region_code, 9) || '000', timestamptz '2026-11-05 17:00+08' + (i % 40 - 3) * interval '1 day',
    timestamptz '2026-11-05 17:00+08' + (i % 40 + 5) * interval '1 day',
    jsonb_build_object('programme', 'dibao', 'from_stage', 'ACCEPT', 'to_stage', 'DECIDE', 'started_at', timestamptz '2026-10-20 09:00+08', 'path', 'standard')
from h where i % 12 = 0;
insert into watch.forecast (made_on, application_id, rule, item, region_code, unit_code, programme, path, state, state_since, started_at, yellow_at, red_at, days_left,
    yellow_share, red_share, cause, cause_share, cases)
select '2026-11-05', 'A' || i, 'T04', 'DECIDE', region_code, 'U' || left(region_code, 9) || '000', 'dibao', 'standard', 'CHECK_REPORT', '2026-10-28', '2026-10-20',
    timestamptz '2026-11-05 17:00+08' + (i % 40) * interval '1 day', timestamptz '2026-11-05 17:00+08' + (i % 40 + 5) * interval '1 day', i % 40,
    (i % 97) / 100.0, (i % 89) / 200.0, 'OPINION', 0.6, 500
from h where i % 24 = 0;

-- Procedure: 500,000 applications of five years in 49 ways.
insert into watch.variant (key, stages, required, trace, fits, skipped, reversed, repeated)
select 'bench' || v, array['ACCEPT', 'SURVEY_START', 'CHECK_REPORT', 'OPINION', 'PUBLICITY_START', 'PUBLICITY_END', 'DECIDE'], array['ACCEPT', 'DECIDE'],
    case when v % 7 = 0 then array['ACCEPT', 'SURVEY_START', 'CHECK_REPORT', 'OPINION', 'DECIDE']
        else array['ACCEPT', 'SURVEY_START', 'CHECK_REPORT', 'OPINION', 'PUBLICITY_START', 'PUBLICITY_END', 'DECIDE'] end || array_fill('VISIT'::text, array[v / 7]),
    v % 7 <> 0, case when v % 7 = 0 then array['PUBLICITY_START'] else '{}' end, '{}', case when v > 6 then array['VISIT'] else '{}' end
from generate_series(1, 49) v;
insert into watch.course (application_id, region_code, unit_code, programme, path, begun_at, variant_id, late, backdated, digest)
select 'A' || i, town.code, 'U' || town.code, (array['dibao', 'dibao', 'tekun', 'dibao_margin', 'temporary_aid'])[1 + i % 5], 'standard',
    timestamptz '2026-11-04 09:00+08' - (i / 500000.0 * 1825) * interval '1 day',
    (select min(variant_id) from watch.variant where key like 'bench%') + case when i % 10 < 7 then 0 else i % 49 end, i % 20 = 0, i % 50 = 0, i
from generate_series(1, 500000) i join town on town.n = i % (select count(*) from town);

-- Funds: sums of 60 months; 90,000 lines that differ; 16,000 lists.
create temp table place_of as
select region_code from store.region where level in ('city', 'county', 'township') union all select '';
insert into watch.reconciled (region_code, period, programme, kind, n, fen)
select p.region_code, to_char(month, 'YYYY-MM'), programme, kind, 500, 500 * 60000
from place_of p cross join generate_series(date '2021-11-01', date '2026-10-01', interval '1 month') month
cross join unnest(array['dibao', 'tekun', 'old_age', 'disability_care']) programme
cross join unnest(array['decided', 'listed', 'paid', 'owed', 'unlisted', 'listed_less', 'listed_more', 'arrears', 'no_answer', 'returned', 'repaid']) kind;
insert into store.payment_batch(batch_id, programme, region_code, period, lines, total_fen, closed_at, event_source, event_at, arrival)
select 'L' || code || programme || to_char(month, 'YYYY-MM'), programme, code, to_char(month, 'YYYY-MM'), 400, 24000000, month + interval '9 days', '/bench', month, 1
from town cross join generate_series(date '2024-05-01', date '2026-10-01', interval '1 month') month
cross join unnest(array['dibao', 'tekun', 'old_age', 'disability_care']) programme;
insert into watch.listed (period, batch_id, n, fen, paid_fen, returned_n)
select period, batch_id, lines, total_fen, total_fen - 60000, 1 from store.payment_batch where batch_id like 'L%';
insert into watch.difference (period, class, programme, region_code, benefit_id, payment_id, batch_id, household_id, fen, at)
select to_char(date '2026-10-01' - (i % 60) * interval '1 month', 'YYYY-MM'), (array['returned', 'unlisted', 'listed_less', 'listed_more', 'arrears', 'no_answer'])[1 + i % 6],
    'dibao', region_code, 'B' || i, 'Q202610-' || i, null, household_id, 60000, timestamptz '2026-11-01 10:00+08' - (i % 60) * interval '30 days'
from h where i % 3 = 0;

-- Projects: 600 projects of 80 providers, 300,000 services, 60,000 answers.
insert into store.provider(provider_id, name, region_code, event_source, event_at, arrival)
select 'G' || g, '机构' || g, (select code from town where n = g), '/bench', '2024-01-01', g from generate_series(0, 79) g;
insert into store.project(project_id, name, service_code, provider_id, region_code, price_fen, planned_units, signed_on, contract_from, contract_to, event_source, event_at, arrival)
select 'J' || j, '项目' || j, 'S01', 'G' || j % 80, town.code, 20000000, 800, '2026-01-01', '2026-01-01', '2026-12-31', '/bench', '2026-01-01', j
from generate_series(1, 600) j join town on town.n = j % (select count(*) from town);
insert into store.service_order(order_id, project_id, service_code, person_id, worker_id, started_at, ended_at, recorded_at, signature_hash, status, event_source, event_at, arrival)
select 'O' || o, 'J' || 1 + o % 600, 'S01', 'P' || 1 + o % 250000, 'W' || o % 900, began.at, began.at + interval '1 hour', began.at + interval '1 hour',
    case when o % 5 > 0 then 'x' end, 'done', '/bench', began.at, o
from generate_series(1, 300000) o cross join lateral (select timestamptz '2026-01-05 09:00+08' + (o % 300) * interval '1 day') began(at);
insert into store.survey_response(response_id, project_id, phase, channel, answered_at, duration_s, score, event_source, event_at, arrival)
select 'Y' || y, 'J' || 1 + y % 600, (array['midterm', 'final', 'instant'])[1 + y % 3], (array['phone', 'visit', 'online'])[1 + y / 3 % 3],
    timestamptz '2026-06-01 09:00+08' + (y % 150) * interval '1 day', 60, 1 + y % 5, '/bench', '2026-06-01', y from generate_series(1, 60000) y;
insert into store.project_payment(project_payment_id, project_id, amount_fen, paid_at, event_source, event_at, arrival)
select 'X' || x, 'J' || 1 + x % 600, 3000000, timestamptz '2026-03-01 09:00+08' + (x % 200) * interval '1 day', '/bench', '2026-03-01', x from generate_series(1, 3000) x;
