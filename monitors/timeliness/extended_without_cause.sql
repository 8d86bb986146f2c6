/*---
code     = "T05"
version  = 1
title    = { zh = "违规延期", en = "Extension without lawful cause" }
basis    = ["民发〔2022〕83号 四(一)", "刚性支出困难家庭认定办法 第8条"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "延期只为公示有异议、人户分离、异地申办、调查难度大四种情形而设；没有这些情形的延期，只是让困难群众多等。", en = "Extensions are meant for objections, split residence, applications elsewhere and difficult investigations; without one of these they only keep people in need waiting." }
remedy   = { zh = "补录真实的延期事由和依据；事由不成立的，按原时限尽快办结并说明原因。", en = "Put the true reason and its proof on record; where there was none, finish the case by the old limit and say why it took longer." }
blind_to = { zh = "事由是否属实，只有与异议记录、户籍地和居住地不符的看得出来；没有报送延期事由或居住地的不判断。没有总时限（T04）的救助不判断延期是否过晚。", en = "Sees that a reason is untrue only where no objection, or one and the same place of registration and residence, contradicts it; silent where the reason or the residence was not sent. Without a limit of the whole case (T04) it cannot tell whether an extension came too late." }
says     = { zh = "{extended_at} 延期，事由：{reason}；问题：{what}。自 {started_at} 起，原时限 {limit_days} 个{unit}。", en = "Extended at {extended_at} for {reason}; what is wrong: {what}. Counted from {started_at}, the limit was {limit_days} {unit}." }
clears   = { zh = "更正延期的事由或时间；补录异议；更正成员的户籍地或居住地。", en = "A wrong reason or time of the extension is corrected, the objection is put on record, or a member's registration or residence is corrected." }

[params]
extend_reasons = ["objection", "split_residence", "cross_region", "difficult_investigation"]

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(extension.at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
household_member = "select application.application_id from facts.application application join facts.stage extension on extension.application_id = application.application_id and extension.stage_code = 'EXTEND' where application.household_id = any(:household_id)"
person = "select application.application_id from facts.household_member member join facts.application application on application.household_id = member.household_id join facts.stage extension on extension.application_id = application.application_id and extension.stage_code = 'EXTEND' where member.person_id = any(:person_id)"
deadline = "*"
workday = "*"
region = "*"
---*/
-- A reason left empty is none of those listed; one that was not sent is not judged. Too late: as many days of the limit as
-- there are lie before the day of the extension, those of a lawful stop of the clock not counted (as in T04).
select
    judged.application_id as subject_key, judged.stage_id as item, judged.extended_at as yellow_at,
    case when judged.is_contradicted then judged.extended_at end as red_at,
    judged.region_code, judged.unit_code, judged.programme, judged.path, judged.extended_at, judged.reason,
    trim(case when judged.is_unlisted then 'EXTENSION_UNLISTED ' else '' end
        || case when judged.is_contradicted then 'EXTENSION_CONTRADICTED ' else '' end
        || case when judged.late_deadline_id is not null then 'EXTENSION_LATE' else '' end) as what,
    judged.started_at, deadline.days as limit_days, deadline.unit, deadline.deadline_id, deadline.basis as deadline_basis
from (
    select
        extension.application_id, extension.stage_id, extension.at as extended_at, extension.reason,
        application.region_code, application.unit_code, application.programme, application.path,
        (
            select max(accepted.at) from facts.stage accepted
            where accepted.application_id = extension.application_id and accepted.stage_code = 'ACCEPT'
        ) as started_at,
        extension.reason_known and not coalesce(extension.reason = any(:extend_reasons), false) as is_unlisted,
        case extension.reason
            when 'objection' then not exists (
                select 1 from facts.stage objection
                where objection.application_id = extension.application_id and objection.stage_code = 'OBJECTION')
            -- contradicted only where every member of the household is known to live where registered
            when 'split_residence' then coalesce((
                select max(case when human.hukou_region = human.residence_region then 0 else 1 end)
                from facts.household_member member
                left join facts.person_version human on human.person_id = member.person_id
                    and human.from_at <= extension.at
                    and coalesce(human.to_at, timestamptz '9999-12-31 00:00:00+00') > extension.at
                where member.household_id = application.household_id), 1) = 0
            else false end as is_contradicted,
        (
            select clock.deadline_id
            from (
                select limits.*, (
                    select max(beginning.at) from facts.stage beginning
                    where beginning.application_id = limits.application_id and beginning.stage_code = limits.from_stage
                ) as started_at
                from facts.application_limit limits
                where limits.rule = 'T04'
            ) clock
            where clock.application_id = extension.application_id and clock.started_at <= extension.at
                and case when clock.unit = 'hour' then extension.at > clock.started_at + clock.days * interval '1 hour'
                    else (
                    select count(*) from facts.working_day day
                    where day.calendar = coalesce((select place.calendar from facts.region_calendar place
                            where place.region_code = clock.region_code), 'CN') and (day.working or clock.unit = 'calendar_day')
                        and day.day > cast(clock.started_at at time zone 'Asia/Shanghai' as date)
                        and day.day < cast(extension.at at time zone 'Asia/Shanghai' as date)
                        and not exists (
                            select 1 from facts.pause pause
                            where pause.application_id = clock.application_id and pause.reason = any(clock.pauses)
                                and pause.paused_on < day.day and pause.resumed_on >= day.day)
                    ) >= clock.days end
        ) as late_deadline_id
    from facts.stage extension
    join facts.application application on application.application_id = extension.application_id
    where extension.stage_code = 'EXTEND' and extension.at >= timestamptz '1900-01-01 00:00:00+00'
) judged
left join facts.deadline deadline on deadline.deadline_id = judged.late_deadline_id
where judged.is_unlisted or judged.is_contradicted or judged.late_deadline_id is not null
