/*---
code     = "P16"
version  = 1
title    = { zh = "未经程序直接纳入", en = "Direct entry without procedure" }
basis    = ["民发〔2021〕57号 第28条"]
subject  = "benefit"
to       = "U"
why      = { zh = "任何群体或个人不得未经程序直接纳入；没有申请、受理或确认记录的待遇无从核实。", en = "No group or person may be put in without the procedure; a benefit without application, acceptance or decision cannot be checked." }
remedy   = { zh = "补齐真实的办理记录；确未履行程序的，停发并按程序重新申请。", en = "Put the true record in place; where there was no procedure, stop the benefit and let the household apply." }
blind_to = { zh = "“同一人一分钟内新增二十条以上待遇”无法判断：待遇记录不含经办人和创建时刻。先行救助（emergency）不判断；只看有没有受理和确认，不看结论。", en = "Twenty awards created in one minute by one person cannot be seen: a benefit carries neither its creator nor the instant of its creation. Emergency aid is left out; asks whether there was an acceptance and a decision, not how it was decided." }
says     = { zh = "待遇自 {start_period} 起有效（月额 {monthly_amount_fen}），缺少：{missing}；申请编号：{application_id}。", en = "Benefit in force since {start_period} ({monthly_amount_fen} a month); missing: {missing}; application: {application_id}." }
clears   = { zh = "补录申请 {application_id} 的受理和确认记录，或终止待遇。", en = "Acceptance and decision of application {application_id} put on record, or the benefit ended." }

[touches]
benefit = "benefit_id"
application = "select benefit.benefit_id from facts.benefit benefit where benefit.application_id = any(:application_id)"
stage = "select benefit.benefit_id from facts.benefit benefit where benefit.application_id = any(:application_id)"
---*/
-- Holds from the first to the last month of the benefit: the rule is about benefits in force.
select
    entry.benefit_id as subject_key, '' as item, entry.red_at, entry.until_at,
    entry.monthly_amount_fen as amount_at_risk_fen, entry.region_code, entry.unit_code,
    entry.programme, entry.application_id, entry.household_id, entry.start_period, entry.end_period, entry.monthly_amount_fen,
    case when entry.lacks_application then 'APPLICATION'
        when entry.is_accepted then 'DECIDE' when entry.is_decided then 'ACCEPT' else 'ACCEPT DECIDE' end as missing
from (
    select
        benefit.benefit_id, benefit.monthly_amount_fen, benefit.region_code, application.unit_code, benefit.programme,
        benefit.application_id, benefit.household_id, benefit.start_period, benefit.end_period,
        coalesce(cast(cast(benefit.start_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai', benefit.event_at)
            as red_at,
        (cast(cast(benefit.end_period || '-01' as date) as timestamp) + interval '1 month') at time zone 'Asia/Shanghai' as until_at,
        benefit.application_id is null and benefit.application_id_known as lacks_application,
        exists (
            select 1 from facts.stage accepted
            where accepted.application_id = benefit.application_id and accepted.stage_code = 'ACCEPT') as is_accepted,
        exists (
            select 1 from facts.stage decided
            where decided.application_id = benefit.application_id and decided.stage_code = 'DECIDE') as is_decided
    from facts.benefit benefit
    left join facts.application application on application.application_id = benefit.application_id
    where coalesce(application.path, '') <> 'emergency'
) entry
where entry.lacks_application
    or (entry.application_id is not null and not (entry.is_accepted and entry.is_decided))
