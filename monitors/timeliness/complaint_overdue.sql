/*---
code     = "T27"
version  = 1
title    = { zh = "投诉举报办理超时", en = "Complaint handling overdue" }
basis    = ["民发〔2021〕57号 第37条", "社会救助暂行办法（国务院令第649号）第63条", "地方规定：投诉举报5个工作日内决定是否受理"]
subject  = "application"
to       = "U"
params   = { accept_days = 5, answer_days = 20 }
override_by = { region = "told.region_code", on = "told.received_on" }
why      = { zh = "群众的投诉石沉大海，错误就得不到纠正。", en = "When a complaint goes unheard, the error behind it stays." }
remedy   = { zh = "尽快决定是否受理；实名的，书面反馈办理结果。", en = "Decide now whether it is taken up; who gave a name gets the result in writing." }
blind_to = { zh = "没有登记到申请或待遇的投诉；答复的质量。", en = "Complaints tied to no application or benefit; how good an answer is." }
says     = { zh = "{received_at} 收到投诉（实名：{named}），应完成{what}：{arithmetic}。完成时间：{done_at}。", en = "Complaint received at {received_at} (with a name: {named}); {what} was due: {arithmetic}. Done: {done_at}." }
clears   = { zh = "在期限内受理或反馈，或更正登记时间。超期完成的，记录保留。", en = "Taken up or answered in time, or the times are corrected. Done late, this stays." }

[touches]
complaint = "select c.application_id from facts.complaint c where c.complaint_id = any(:complaint_id) union select b.application_id from facts.benefit b where b.benefit_id = any(:benefit_id) union select unnest(:application_id::text[])"
benefit = "application_id"
workday = "*"
region = "*"
---*/
-- Two clocks of one complaint: the decision to take it up, and, for who gave a name, the answer; red at twice the days.
select told.application_id as subject_key, told.complaint_id || '/' || told.step as item,
    cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    case when coalesce(told.done_at, cast(red_day.day as timestamp) at time zone 'Asia/Shanghai')
            >= cast(red_day.day as timestamp) at time zone 'Asia/Shanghai'
        then cast(red_day.day as timestamp) at time zone 'Asia/Shanghai' end as red_at,
    told.region_code, told.unit_code, told.received_at, told.named, told.step as what, told.days as limit_days, 'working_day' as unit,
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
    limit_day.day as limit_on, told.done_at
from (
    select told.*, steps.step, case when steps.step = 'complaint_taken_up' then told.taken_up_at else told.answered_at end as done_at,
        cast(case when steps.step = 'complaint_taken_up' then :accept_days else :answer_days end as int) as days
    from (
        select complaint.complaint_id, complaint.application_id, complaint.region_code, complaint.unit_code, complaint.received_at,
            complaint.named, complaint.answered_at, coalesce(complaint.accepted_at, complaint.answered_at) as taken_up_at,
            cast(complaint.received_at at time zone 'Asia/Shanghai' as date) as received_on
        from facts.complaint complaint
        union all
        select complaint.complaint_id, benefit.application_id, complaint.region_code, complaint.unit_code, complaint.received_at,
            complaint.named, complaint.answered_at, coalesce(complaint.accepted_at, complaint.answered_at),
            cast(complaint.received_at at time zone 'Asia/Shanghai' as date)
        from facts.benefit benefit
        join facts.complaint complaint on complaint.benefit_id = benefit.benefit_id and coalesce(complaint.application_id, '') = ''
    ) told
    join (select 'complaint_taken_up' as step union all select 'complaint_answered') steps
        on steps.step = 'complaint_taken_up' or told.named
) told
left join facts.region_calendar place on place.region_code = told.region_code
join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = told.received_on
join facts.working_day limit_day on limit_day.calendar = start_day.calendar and limit_day.working and limit_day.n = start_day.n + told.days
join facts.working_day yellow_day on yellow_day.calendar = start_day.calendar and yellow_day.working and yellow_day.n = start_day.n + told.days + 1
join facts.working_day red_day on red_day.calendar = start_day.calendar and red_day.working and red_day.n = start_day.n + 2 * told.days + 1
where coalesce(told.done_at, timestamptz '9999-12-31 00:00:00+00') >= cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai'
