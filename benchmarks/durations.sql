-- {cases} decided and open cases of three years and their steps, in the townships of the temporary table place (pages.py).
-- Every seventeenth case takes a visit twice; every fifth is a programme without publicity; paces vary by township and case.
set synchronous_commit = off;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
select code, name, level, parent, '/bench', '2020-01-01', 0 from place;
select store.flatten_regions();
insert into store.unit(unit_code, name, region_code, kind, event_source, event_at, arrival)
select 'U' || code, name, code, case level when 'county' then 'county_civil_affairs' else 'township_office' end, '/bench', '2020-01-01', 0
from place where level in ('county', 'township');
create temp table town as
select code, parent, (row_number() over (order by sha256(code::bytea)) - 1)::int as n from place where level = 'township';
insert into store.application(application_id, programme, path, region_code, unit_code, household_id, submitted_at, event_source, event_at, arrival)
select 'C' || lpad(i::text, 8, '0'), (array['dibao', 'dibao', 'tekun', 'dibao_margin', 'disability_living'])[1 + i % 5], 'standard', town.code,
    'U' || town.code, 'H' || i, began.at, '/bench', began.at, i
from generate_series(1, {cases}) i
join town on town.n = i % (select count(*) from town)
cross join lateral (select timestamptz '2023-11-20 09:00+08' + make_interval(days => (i::bigint * 7919 % 1080)::int, mins => i % 480)) began(at);
-- Days after the application at which each step comes: the common course, stretched by the case's own factor.
insert into store.stage(stage_id, application_id, stage_code, at, recorded_at, unit_code, result, event_source, event_at, arrival)
select a.application_id || '/' || course.nth, a.application_id, course.code, came.at, came.at,
    case when course.county then 'U' || left(a.region_code, 6) || '000000' else a.unit_code end,
    case when course.code in ('DECIDE', 'OPINION') then 'agree' end, '/bench', came.at, a.arrival * 20 + course.nth
from store.application a
join (values (1, 'APPLY', 0.0, false), (2, 'ACCEPT', 0.8, false), (3, 'SURVEY_START', 2.0, false), (4, 'CHECK_REQUEST', 2.4, false),
    (5, 'CHECK_START', 3.7, true), (6, 'VISIT', 5.1, false), (7, 'CHECK_REPORT', 7.9, true), (8, 'OPINION', 9.2, false), (9, 'VISIT', 8.6, false),
    (10, 'PUBLICITY_START', 10.3, false), (11, 'PUBLICITY_END', 17.4, false), (12, 'COUNTY_RECEIVE', 19.0, true), (13, 'DECIDE', 24.6, true),
    (14, 'NOTICE', 26.0, false)) course(nth, code, day, county)
    on not (course.nth = 9 and a.arrival % 17 > 0) and not (course.nth in (10, 11) and a.programme = 'disability_living')
cross join lateral (select a.submitted_at + course.day * (0.6 + (a.arrival * 31 % 97) / 60.0 + (course.nth * a.arrival % 13) / 40.0) * interval '1 day') came(at)
where came.at < timestamptz '2026-11-20 00:00+08' and course.nth <= 14 - case when a.arrival % 11 = 0 then a.arrival / 11 % 9 else 0 end;
insert into watch.clock (now_at) values ('2026-11-20 12:00+08');
-- What the rule of deadlines would have found: one case in twenty decided late, one survey in twenty-five begun late.
insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, present, region_code, unit_code, evidence, opened_at,
    first_seen_at, last_seen_at, ladder_card, yellow_at)
select encode(sha256((a.application_id || limits.rule)::bytea), 'hex'), limits.rule, 1, 'application', a.application_id, true, a.region_code, a.unit_code,
    jsonb_build_object('programme', a.programme, 'from_stage', 'ACCEPT', 'to_stage', s.stage_code, 'started_at', a.submitted_at, 'ended_at', s.at),
    s.at, s.at, s.at, 'yellow', s.at
from (values ('T04', 20, 'DECIDE'), ('T02', 25, 'SURVEY_START')) limits(rule, every, code)
join store.application a on a.arrival % limits.every = 0
join store.stage s on s.application_id = a.application_id and s.stage_code = limits.code;
