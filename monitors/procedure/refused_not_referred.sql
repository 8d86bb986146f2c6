/*---
code     = "P26"
version  = 1
title    = { zh = "未分类转办", en = "No referral after refusal" }
basis    = ["国办发〔2023〕39号（一次申请、分类审核认定）", "民发〔2021〕57号 第8条"]
subject  = "application"
to       = "U"
needs    = ["application", "stage", "income_check", "clue"]
why      = { zh = "不符合低保的家庭可能符合低保边缘；不转办，他们就要从头再来，或者就此放弃。", en = "A household refused the allowance may be one of the low-income margin; left without a referral it begins again, or gives up." }
remedy   = { zh = "按低保边缘等类别转办审核，并告知申请人。", en = "Refer the case to the programme it fits, and tell the household." }
blind_to = { zh = "只按低保标准的 1.5 倍和最近一次核定收入推算；财产和刚性支出比例没有数据，不判断。没有核定收入或标准的不判断。转办以同一家庭的新申请或转介线索为准。", en = "Reckons by 1.5 times the standard and the last verified income; property and the share of rigid expenses are not in the data. Silent without a verified income or a standard. A referral is a new application or a referral clue of the household." }
says     = { zh = "{refused_at} 不予确认；核定人均收入 {verified_per_capita_fen}，低于低保标准 {standard_fen} 的 {tier_percent}%；至今没有转办（{referred_at}）。", en = "Refused at {refused_at}; verified income per head {verified_per_capita_fen} is below {tier_percent} % of the standard {standard_fen}; no referral in time ({referred_at})." }
clears   = { zh = "在时限内登记新申请或转介；更正核定收入。逾期才转办的，记录保留。", en = "A new application or referral in time, or a corrected income. Referred late, the finding stays." }

[params]
limit = 10          # working days
yellow_days = 20
tier_percent = 150

[override_by]
region = "judged.region_code"
programme = "judged.programme"
on = "cast(judged.refused_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "select application.application_id from facts.application application where application.application_id = any(:application_id) or application.household_id = any(:household_id)"
stage = "application_id"
income_check = "application_id"
household = "select application.application_id from facts.application application where application.household_id = any(:household_id)"
clue = "select application.application_id from facts.application application where application.household_id = any(:household_id)"
standard = "*"
workday = "*"
region = "*"
---*/
-- Done late it stays; done in time it never was.
select
    due.application_id as subject_key, '' as item, due.notice_at,
    case when coalesce(due.referred_at, due.yellow_at) >= due.yellow_at then due.yellow_at end as yellow_at,
    due.region_code, due.unit_code, due.programme, due.path, due.household_id, due.refused_at, due.referred_at,
    due.verified_per_capita_fen, due.standard_fen, due.tier_percent
from (
    select
        judged.*, :tier_percent as tier_percent,
        (
            select min(cast(later.day as timestamp) at time zone 'Asia/Shanghai')
            from facts.working_day started
            join facts.working_day later on later.calendar = started.calendar and later.working and later.n = started.n + :limit + 1
            where started.calendar = judged.calendar and started.day = cast(judged.refused_at at time zone 'Asia/Shanghai' as date)
        ) as notice_at,
        (
            select min(cast(later.day as timestamp) at time zone 'Asia/Shanghai')
            from facts.working_day started
            join facts.working_day later on later.calendar = started.calendar and later.working and later.n = started.n + :yellow_days + 1
            where started.calendar = judged.calendar and started.day = cast(judged.refused_at at time zone 'Asia/Shanghai' as date)
        ) as yellow_at
    from (
        select
            refusal.application_id, refusal.refused_at, application.region_code, application.unit_code, application.programme,
            application.path, application.household_id, coalesce(lying.calendar, 'CN') as calendar,
            (
                select max(verified.verified_per_capita_fen) from facts.income_check verified
                where verified.application_id = refusal.application_id and verified.checked_at = (
                    select max(latest.checked_at) from facts.income_check latest
                    where latest.application_id = refusal.application_id)
            ) as verified_per_capita_fen,
            (
                select (array_agg(standard.monthly_amount_fen
                    order by place.depth, standard.urban_rural nulls last, standard.valid_from desc, standard.standard_id))[1]
                from facts.region_path place
                join facts.standard standard on standard.region_code = place.ancestor_code
                left join facts.household household on household.household_id = application.household_id
                where place.region_code = coalesce(household.region_code, application.region_code) and standard.programme = 'dibao'
                    and standard.valid_from <= cast(refusal.refused_at at time zone 'Asia/Shanghai' as date)
                    and coalesce(standard.urban_rural, household.urban_rural, '') = coalesce(household.urban_rural, '')
            ) as standard_fen,
            least(
                (
                    select min(coalesce(again.submitted_at, again.event_at)) from facts.application again
                    where again.household_id = application.household_id and again.application_id <> refusal.application_id
                        and coalesce(again.submitted_at, again.event_at) >= refusal.refused_at
                ), (
                    select min(clue.pushed_at) from facts.clue clue
                    where clue.household_id = application.household_id and clue.kind = 'referral'
                        and clue.pushed_at >= refusal.refused_at
                )) as referred_at
        from (
            select
                stage.application_id, stage.at as refused_at, stage.result,
                row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest
            from facts.stage stage
            where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
        ) refusal
        join facts.application application on application.application_id = refusal.application_id
        left join facts.region_calendar lying on lying.region_code = application.region_code
        where refusal.latest = 1 and refusal.result = 'refuse' and application.programme = 'dibao'
    ) judged
) due
where due.verified_per_capita_fen * 100.0 < due.standard_fen * due.tier_percent
    and coalesce(due.referred_at, due.notice_at) >= due.notice_at
