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

-- name: ended
-- Limits of a case that came to an end, and the day each ran until: what timeliness.deadline_missed counts, which drops those kept
-- before it counts their days. Of an extension its reason alone is looked at; T23, whose chains differ by who acts, is left out.
-- Indexes: primary keys of application, working_day; stage_application. Budget: 20 ms.
with started as materialized (
    select asked.rule, asked.item, asked.days, asked.extended_days, asked.unit, asked.pauses, asked.from_stage, asked.to_stage, asked.basis,
        begun.at as started_at, coalesce(place.calendar, 'CN') as calendar, cast(begun.at at time zone 'Asia/Shanghai' as date) as started_on,
        (select min(done.at) from seen.stage done
            left join facts.stage_order here on here.stage_code = done.stage_code
            left join facts.stage_order target on target.stage_code = asked.to_stage
            where done.application_id = cast(:application_id as text) and done.stage_code <> asked.from_stage
                and (done.stage_code in (asked.to_stage, 'DECIDE', 'REJECT_ACCEPT', 'WITHDRAW') or here.place > target.place
                    or asked.rule = 'T21' and done.stage_code = 'REVIEW')
                and (asked.rule <> 'T21' or done.stage_code <> 'PUBLICITY_END')
                and (done.at >= begun.at or asked.rule <> 'T21' and cast(done.at at time zone 'Asia/Shanghai' as date)
                    = cast(begun.at at time zone 'Asia/Shanghai' as date))) as ended_at,
        (select min(given.at) from seen.stage given
            where given.application_id = cast(:application_id as text) and given.stage_code = 'EXTEND' and given.at >= begun.at
                and given.reason <> 'other') as extended_at
    from seen.application_limit asked
    cross join lateral (
        select step.at, step.result from seen.stage step
        where step.application_id = cast(:application_id as text) and step.stage_code = asked.from_stage
        order by step.at desc, step.stage_id desc limit 1) begun
    left join facts.region_calendar place on place.region_code = asked.region_code
    where asked.application_id = cast(:application_id as text) and asked.unit <> 'hour'
        and asked.rule in ('T01', 'T02', 'T03', 'T04', 'T06', 'T07', 'T08', 'T09', 'T12', 'T19', 'T21', 'T22')
        and (asked.rule <> 'T09' or begun.result = 'refuse')),
counted as (
    select started.*, day.day, sum(case when exists (
            select from seen.pause stop
            where stop.application_id = cast(:application_id as text) and stop.reason = any(started.pauses)
                and stop.paused_on < day.day and stop.resumed_on >= day.day) then 0 else 1 end)
        over (partition by started.rule, started.item order by day.day) as used
    from started
    join facts.working_day day on day.calendar = started.calendar and (day.working or started.unit = 'calendar_day')
        and day.day > started.started_on and day.day <= started.started_on + 420 + 2 * greatest(started.days, started.extended_days)
    where started.ended_at is not null)
select rule, item, from_stage, to_stage, unit, basis, started_at, ended_at, extended_at, days, extended_days,
    min(day) filter (where used = days) as limit_on, min(day) filter (where used = extended_days) as longer_on
from counted
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
order by started_at, rule, item
limit 40

-- name: days
-- Days of a stretch of time in the calendar of the place of a case. Index: primary keys of application, working_day. Budget: 5 ms.
select day, working, n, provisional from facts.working_day
where calendar = coalesce((select place.calendar from seen.application application
        join facts.region_calendar place on place.region_code = application.region_code
        where application.application_id = cast(:application_id as text)), 'CN')
    and day between cast(:first as date) and cast(:last as date)
order by day
limit 1500
