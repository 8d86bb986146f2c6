-- name: steps
-- The steps of a case, each with whether it ended its limit in time. Indexes: stage_application, passage_pkey. Budget: 10 ms.
select s.stage_code, s.at, s.result, s.reason, p.late
from seen.stage s
left join seen.passage p on p.application_id = s.application_id and p.to_stage = s.stage_code and p.at = s.at
where s.application_id = cast(:application_id as text) and s.at is not null
order by s.at, s.stage_id
limit 200

-- name: limits
-- Limits of a case as the rules that judge them say: those that run, and those that were missed. Indexes: primary key of
-- open_clock, finding_subject. Budget: 10 ms.
select rule, item, yellow_at, red_at, evidence, false as missed from seen.open_clock where subject_key = cast(:application_id as text)
union all
select f.rule, f.item, f.yellow_at, f.red_at, f.evidence, true
from watch.finding f
where f.subject_kind = 'application' and f.subject_key = cast(:application_id as text) and f.present
    and f.evidence ->> 'started_at' is not null and f.evidence ->> 'ended_at' is not null
order by 1, 2
limit 40

-- name: days
-- Days of the calendar of a stretch of time. Index: primary key of working_day. Budget: 5 ms.
select day, working, n, provisional from facts.working_day
where calendar = 'CN' and day between cast(:first as date) and cast(:last as date)
order by day
limit 1500
