/*---
code     = "T26"
version  = 1
title    = { zh = "监督部门核验超时", en = "Supervisor slow to verify" }
basis    = ["监察规程：对监督部门自身的约束（回复后10个工作日内核验）"]
subject  = "finding"
to       = "U"
params   = { limit = 10, yellow_days = 20 }
override_by = { region = "answer.region_code", on = "answer.replied_on" }
why      = { zh = "回复之后迟迟不核验，被疑的人和单位一直背着疑点。", en = "As long as nobody verifies an answer, people and units stay under suspicion." }
remedy   = { zh = "尽快核验，给出结论和理由。", en = "Verify, and give the outcome and its reason." }
blind_to = { zh = "不判断核验的质量。", en = "Says nothing about how well it was verified." }
says     = { zh = "{alert_rule} 的告警于 {replied_at} 得到回复，应予核验：{arithmetic}。核验时间：{verified_at}。", en = "The card of {alert_rule} was answered at {replied_at} and was to be verified: {arithmetic}. Verified: {verified_at}." }
clears   = { zh = "在期限内核验，或退回重新回复。超期核验的，记录保留。", en = "Verified in time, or sent back. Verified late, this stays." }

[touches]
correction = "finding_id"
workday = "*"
unit = "*"
region = "*"
---*/
-- Addressed to the supervision unit of the place, or of the nearest place above it that has one.
select answer.finding_id as subject_key, '' as item,
    cast(notice_day.day as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    case when coalesce(answer.verified_at, cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai')
            >= cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai'
        then cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai' end as yellow_at,
    answer.region_code,
    (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'supervision' and place.region_code = answer.region_code
    ) as unit_code,
    answer.rule as alert_rule, answer.subject_kind as alert_subject_kind, answer.replied_at,
    cast(:limit as int) as limit_days, 'working_day' as unit,
    (
        select array_agg(rtrim(cast(off_day.day as text) || ' ' || off_day.name) order by off_day.day) from facts.working_day off_day
        where off_day.calendar = start_day.calendar and not off_day.working and off_day.name is not null
            and off_day.day > start_day.day and off_day.day <= limit_day.day
    ) as days_off,
    (
        select array_agg(rtrim(cast(worked_day.day as text) || ' ' || worked_day.name) order by worked_day.day) from facts.working_day worked_day
        where worked_day.calendar = start_day.calendar and worked_day.working and worked_day.name is not null
            and worked_day.day > start_day.day and worked_day.day <= limit_day.day
    ) as days_worked,
    limit_day.day as limit_on, answer.verified_at
from (
    select correction.*, cast(correction.replied_at at time zone 'Asia/Shanghai' as date) as replied_on
    from facts.correction correction
    where correction.replied_at is not null
) answer
left join facts.region_calendar place on place.region_code = answer.region_code
join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = answer.replied_on
join facts.working_day limit_day
    on limit_day.calendar = start_day.calendar and limit_day.working and limit_day.n = start_day.n + :limit
join facts.working_day notice_day
    on notice_day.calendar = start_day.calendar and notice_day.working and notice_day.n = start_day.n + :limit + 1
join facts.working_day yellow_day
    on yellow_day.calendar = start_day.calendar and yellow_day.working and yellow_day.n = start_day.n + :yellow_days + 1
where coalesce(answer.verified_at, timestamptz '9999-12-31 00:00:00+00') >= cast(notice_day.day as timestamp) at time zone 'Asia/Shanghai'
