/*---
code     = "T11"
version  = 1
title    = { zh = "先行救助后补手续超时", en = "Papers after emergency aid overdue" }
basis    = ["民发〔2018〕23号 二(二)", "地方规定（山东、邹平、楚雄 5 个工作日）"]
subject  = "application"
to       = "U"
needs    = ["application", "stage", "payment"]
why      = { zh = "先行救助免的是先后，不是手续；迟迟不补，钱给了谁、为什么给就说不清。", en = "Emergency aid puts the papers later, not aside; left undone, nobody can say to whom and why the money went." }
remedy   = { zh = "补齐登记、签字和审核确认手续。", en = "Complete the registration, the signatures and the decision." }
blind_to = { zh = "手续的内容；没有登记发放的不判断；依据某地规定的期限须由该地另行设定。", en = "What the papers say; silent where no payment is on record; limits that only some places have must be set there." }
says     = { zh = "先行救助后应补齐手续：{arithmetic}。补齐：{ended_at}。", en = "The papers were due after the aid: {arithmetic}. Done: {ended_at}." }
clears   = { zh = "在 {limit_on} 前补齐手续；更正环节时间。逾期补齐的，记录保留。", en = "The papers completed by {limit_on}; a corrected time of a step. Completed late, this stays." }

[touches]
application = "application_id"
stage = "application_id"
benefit = "select application.application_id from facts.application application where application.application_id = any(:application_id) and application.path = 'emergency'"
payment = """
    select application.application_id
    from facts.benefit benefit join facts.application application on application.application_id = benefit.application_id
    where benefit.benefit_id = any(:benefit_id) and application.path = 'emergency'
    union
    select application.application_id from facts.application application
    where application.household_id = any(:household_id) and application.path = 'emergency'
"""
deadline = "*"
workday = "*"
region = "*"
---*/
-- From the first payment, recorded as a step or by the bank. A decision or a later check after it is the formality made up for.
select
    aid.application_id as subject_key, '' as item, aid.yellow_at,
    case when coalesce(aid.ended_at, aid.red_limit_at) >= aid.red_limit_at then aid.red_limit_at end as red_at,
    aid.region_code, aid.unit_code, aid.programme, aid.path, aid.paid_at, aid.limit_days, aid.unit,
    (
        select array_agg(rtrim(cast(off_day.day as text) || ' ' || off_day.name) order by off_day.day) from facts.working_day off_day
        where off_day.calendar = aid.calendar and not off_day.working and off_day.name is not null
            and off_day.day > aid.paid_on and off_day.day <= aid.limit_on
    ) as days_off,
    (
        select array_agg(rtrim(cast(worked_day.day as text) || ' ' || worked_day.name) order by worked_day.day) from facts.working_day worked_day
        where worked_day.calendar = aid.calendar and worked_day.working and worked_day.name is not null
            and worked_day.day > aid.paid_on and worked_day.day <= aid.limit_on
    ) as days_worked,
    aid.limit_on, aid.ended_at,
    aid.deadline_id, aid.deadline_basis, aid.basis_verified, aid.calendar_provisional
from (
    select
        paid.*, start_day.calendar, coalesce(limit_day.day, paid.paid_on + paid.limit_days) as limit_on, limit_day.provisional as calendar_provisional,
        cast(coalesce(yellow_day.day, paid.paid_on + paid.limit_days + 1) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
        cast(coalesce(red_day.day, case when paid.unit = 'calendar_day' then paid.paid_on + paid.red_days + 1 end) as timestamp)
            at time zone 'Asia/Shanghai' as red_limit_at,
        (
            select min(done.at) from facts.stage done
            where done.application_id = paid.application_id and (done.stage_code = 'PAPERS_DONE'
                or (done.stage_code in ('POST_CHECK', 'DECIDE', 'REJECT_ACCEPT', 'WITHDRAW') and done.at > paid.paid_at))
        ) as ended_at
    from (
        select
            clock.application_id, clock.region_code, clock.unit_code, clock.programme, clock.path, clock.unit,
            clock.days as limit_days, clock.red_days, clock.deadline_id, clock.basis as deadline_basis,
            clock.verified as basis_verified, aid.paid_at, cast(aid.paid_at at time zone 'Asia/Shanghai' as date) as paid_on
        from facts.application_limit clock
        join facts.first_aid aid on aid.application_id = clock.application_id
        where clock.rule = 'T11' and clock.path = 'emergency' and clock.unit <> 'hour'
    ) paid
    -- left joins: an inner one may be begun with every day of the calendar
    left join facts.region_calendar place on place.region_code = paid.region_code
    left join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = paid.paid_on
    left join facts.working_day limit_day on limit_day.calendar = start_day.calendar and limit_day.working
        and paid.unit = 'working_day' and limit_day.n = start_day.n + paid.limit_days
    left join facts.working_day yellow_day on yellow_day.calendar = start_day.calendar and yellow_day.working
        and paid.unit = 'working_day' and yellow_day.n = start_day.n + paid.limit_days + 1
    left join facts.working_day red_day on red_day.calendar = start_day.calendar and red_day.working
        and paid.unit = 'working_day' and red_day.n = start_day.n + paid.red_days + 1
    where yellow_day.day is not null or paid.unit = 'calendar_day'
) aid
where coalesce(aid.ended_at, timestamptz '9999-12-31 00:00:00+00') >= aid.yellow_at
