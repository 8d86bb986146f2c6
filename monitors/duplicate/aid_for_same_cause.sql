/*---
code     = "D09"
version  = 1
title    = { zh = "临时救助同事由重复", en = "Temporary aid repeated for the same cause" }
basis    = ["地方规定（喀什：同一事由一个自然年内一次，特殊情况由县级决定）", "民发〔2018〕23号 二(四)（一次审批、分阶段救助）"]
subject  = "household"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "同一件事一年内批了两次：可能是重复申请没有看出来，也可能是绕开单次限额。", en = "The same cause was granted twice in one year: a repeated application nobody noticed, or a way round the limit for one." }
remedy   = { zh = "核对两次的事由和材料；确属新困难的写明事由，县级特批的补会议纪要。", en = "Compare the causes and papers; where it is a new need say so, where the county allowed it put the minutes on record." }
blind_to = { zh = "事由按文字比对，写法不同的看不出，笼统写成一样的会误报；分阶段救助和有会议纪要的不算。", en = "Causes are compared as given: written differently they are missed, written vaguely alike they are noticed. Staged aid and decisions with minutes are none." }
says     = { zh = "{year} 年内以同一事由“{cause}”批准临时救助 {decisions} 次（{first_application_id}、{application_id}）。", en = "Temporary aid was granted {decisions} times in {year} for the same cause “{cause}” ({first_application_id}, {application_id})." }
clears   = { zh = "更正事由或决定，登记分阶段计划或会议纪要。", en = "A wrong cause or decision is corrected, or the plan of staged aid or the minutes put on record." }

[touches]
application = "household_id"
stage = "select household_id from facts.application where application_id = any(:application_id) and programme = 'temporary_aid'"
---*/
-- The finding is about the second and each later decision of a year.
select
    granted.household_id as subject_key, granted.application_id as item, granted.decided_at as yellow_at, granted.region_code, granted.unit_code,
    granted.application_id, granted.first_application_id, granted.cause, granted.year, granted.place as decisions
from (
    select
        agreed.*,
        row_number() over (partition by agreed.household_id, agreed.cause, agreed.year order by agreed.decided_at, agreed.application_id) as place,
        first_value(agreed.application_id) over (
            partition by agreed.household_id, agreed.cause, agreed.year order by agreed.decided_at, agreed.application_id) as first_application_id
    from (
        select
            application.household_id, application.application_id, application.region_code, application.unit_code, trim(application.cause) as cause,
            decision.at as decided_at, to_char(decision.at at time zone 'Asia/Shanghai', 'YYYY') as year
        from facts.application application
        join facts.stage decision on decision.application_id = application.application_id and decision.stage_code = 'DECIDE'
            and decision.result = 'agree' and decision.at >= timestamptz '1900-01-01 00:00:00+00'
        where application.programme = 'temporary_aid' and coalesce(application.plan_id, '') = '' and coalesce(trim(application.cause), '') <> ''
            and not coalesce('minutes' = any(decision.evidence), false)
            and not exists (
                select 1 from facts.stage later
                where later.application_id = application.application_id and later.stage_code = 'DECIDE'
                    and (later.at > decision.at or later.at = decision.at and later.stage_id > decision.stage_id))
    ) agreed
) granted
where granted.place >= 2
