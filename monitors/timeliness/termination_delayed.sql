/*---
code     = "T20"
version  = 1
title    = { zh = "特困终止程序滞后", en = "Termination of extreme-poverty support delayed" }
basis    = ["民发〔2021〕43号 第24条、第25条、第26条"]
subject  = "application"
to       = "U"
needs    = ["application", "stage", "benefit", "register"]
why      = { zh = "终止要先公示；原因已经知道却迟迟不公示，资金照发，也可能冤枉还健在的人。", en = "An end is to be made public first; where its cause is known and nothing is published, money goes on, or somebody alive stays wrongly listed as dead." }
remedy   = { zh = "先核实死亡或服刑登记，属实的办理终止公示，登记有误的更正登记。", en = "Verify the record of death or prison; if true publish the termination, if not have the register corrected." }
blind_to = { zh = "恢复能力、义务人有能力等名册看不到的原因；没有报送名册时点的不判断；名册重新报送会使起算日推后；羁押已经结束或不知是否结束的不判断。", en = "Causes no register shows (ability restored, an obligor able to support); silent where the day of the register was not sent; a register sent anew moves the first day; silent where custody has ended or nobody says whether it has." }
says     = { zh = "名册（{cause_kind}，{cause_on}）已知后应公示终止：{arithmetic}。公示：{published_at}，待遇尚未终止。", en = "After the register ({cause_kind}, {cause_on}) the termination was to be published: {arithmetic}. Published: {published_at}; the benefit still runs." }
clears   = { zh = "在时限内公示终止；待遇终止；名册被更正或撤销。", en = "The termination published in time, the benefit ended, or the register corrected." }

[touches]
application = "select benefit.application_id from facts.benefit benefit where benefit.household_id = any(:household_id) and benefit.programme = 'tekun' union select unnest(:application_id::text[])"
stage = "select benefit.application_id from facts.application application join facts.benefit benefit on benefit.household_id = application.household_id where application.application_id = any(:application_id) and benefit.programme = 'tekun' union select unnest(:application_id::text[])"
benefit = "application_id"
register = "select benefit.application_id from facts.identity i join facts.benefit benefit on benefit.person_id = i.person_id where i.person_key = any(:id_number_key) and benefit.programme = 'tekun' union select benefit.application_id from facts.identity told join facts.identity i on i.person_key = told.person_key join facts.benefit benefit on benefit.person_id = i.person_id where told.person_id = any(:person_id) and benefit.programme = 'tekun'"
person = "select benefit.application_id from facts.identity i join facts.benefit benefit on benefit.person_id = i.person_id where i.person_key = any(:person_key) and benefit.programme = 'tekun' union select benefit.application_id from facts.benefit benefit where benefit.person_id = any(:person_id) and benefit.programme = 'tekun'"
deadline = "*"
workday = "*"
region = "*"
---*/
-- The cause known first counts. A publicity of any case of the household after the cause is taken for that of the termination.
select
    judged.application_id as subject_key, '' as item,
    judged.notice_at,
    case when coalesce(judged.published_at, judged.yellow_limit_at) >= judged.yellow_limit_at then judged.yellow_limit_at end as yellow_at,
    case when coalesce(judged.published_at, judged.red_limit_at) >= judged.red_limit_at then judged.red_limit_at end as red_at,
    judged.region_code, judged.unit_code, judged.programme, judged.path, judged.benefit_id, judged.cause_kind, judged.cause_on,
    judged.known_on, judged.limit_days, 'working_day' as unit,
    (
        select array_agg(rtrim(cast(off_day.day as text) || ' ' || off_day.name) order by off_day.day) from facts.working_day off_day
        where off_day.calendar = judged.calendar and not off_day.working and off_day.name is not null
            and off_day.day > judged.known_on and off_day.day <= judged.limit_on
    ) as days_off,
    (
        select array_agg(rtrim(cast(worked_day.day as text) || ' ' || worked_day.name) order by worked_day.day) from facts.working_day worked_day
        where worked_day.calendar = judged.calendar and worked_day.working and worked_day.name is not null
            and worked_day.day > judged.known_on and worked_day.day <= judged.limit_on
    ) as days_worked,
    judged.limit_on, judged.published_at, judged.deadline_id, judged.deadline_basis,
    judged.basis_verified
from (
    select
        due.*, start_day.calendar, limit_day.day as limit_on, cast(notice_day.day as timestamp) at time zone 'Asia/Shanghai' as notice_at,
        cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai' as yellow_limit_at,
        cast(red_day.day as timestamp) at time zone 'Asia/Shanghai' as red_limit_at,
        least((
            select min(own.at) from facts.stage own
            where own.application_id = due.application_id and own.stage_code = 'PUBLICITY_START'
                and cast(own.at at time zone 'Asia/Shanghai' as date) >= due.cause_on
        ), (
            select min(other.at)
            from facts.application related
            join facts.stage other on other.application_id = related.application_id and other.stage_code = 'PUBLICITY_START'
            where related.household_id = due.household_id
                and cast(other.at at time zone 'Asia/Shanghai' as date) >= due.cause_on
        )) as published_at,
        row_number() over (partition by due.application_id order by due.cause, due.benefit_id) as place
    from (
        select
            known.*, cast(substring(known.cause, 1, 10) as date) as known_on, cast(substring(known.cause, 11, 10) as date) as cause_on,
            substring(known.cause, 21) as cause_kind
        from (
            select
                limits.application_id, limits.region_code, limits.unit_code, limits.programme, limits.path, limits.days as limit_days,
                limits.notice_days, limits.red_days, limits.deadline_id, limits.basis as deadline_basis,
                limits.verified as basis_verified, benefit.benefit_id, benefit.household_id,
                (
                    select min(to_char(told.as_of, 'YYYY-MM-DD') || to_char(coalesce(told.from_date, told.as_of), 'YYYY-MM-DD') || told.kind)
                    from facts.register told
                    where told.person_key = i.person_key and told.as_of is not null and (told.kind in ('death', 'cremation')
                        or (told.kind = 'custody' and told.from_date <= told.as_of
                            and ((told.to_date is null and told.to_date_known) or told.to_date > told.as_of)))
                ) as cause
            from facts.application_limit limits
            join facts.benefit benefit on benefit.application_id = limits.application_id and benefit.programme = 'tekun'
                and benefit.end_period is null and benefit.end_period_known
            join facts.identity i on i.person_id = benefit.person_id
            where limits.rule = 'T20' and limits.programme = 'tekun' and limits.unit = 'working_day'
        ) known
        where known.cause is not null
    ) due
    -- left joins though each is there: an inner one may be begun with every day of the calendar
    left join facts.region_calendar place on place.region_code = due.region_code
    left join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = due.known_on
    left join facts.working_day limit_day
        on limit_day.calendar = start_day.calendar and limit_day.working and limit_day.n = start_day.n + due.limit_days
    left join facts.working_day yellow_day
        on yellow_day.calendar = start_day.calendar and yellow_day.working and yellow_day.n = start_day.n + due.limit_days + 1
    left join facts.working_day notice_day
        on notice_day.calendar = start_day.calendar and notice_day.working and notice_day.n = start_day.n + due.limit_days - due.notice_days
    left join facts.working_day red_day
        on red_day.calendar = start_day.calendar and red_day.working and red_day.n = start_day.n + due.red_days + 1
) judged
where judged.place = 1 and coalesce(judged.published_at, timestamptz '9999-12-31 00:00:00+00') >= judged.yellow_limit_at
