/*---
code     = "P07"
version  = 1
title    = { zh = "应县级入户未入户", en = "County visit omitted" }
basis    = ["民发〔2021〕57号 第20条"]
subject  = "application"
to       = "U"
why      = { zh = "近亲属备案和有投诉举报的申请，县级必须亲自入户；不去就等于让当事单位自己查自己。", en = "Where kin of staff apply or somebody complained, the county must go and look itself; otherwise the unit concerned checks itself." }
remedy   = { zh = "县级民政部门补做入户调查，按调查结果复核决定。", en = "The county visits now and reviews the decision by what it finds." }
blind_to = { zh = "只看最后一次决定。投诉标志没有时间；有投诉记录的，以收到时间为准，决定之后才收到的不算。适用的救助类别由参数规定。", en = "Looks at the last decision only. The complaint flag has no time; where complaints are on record their times count, and those received after the decision do not. A parameter says for which programmes." }
says     = { zh = "近亲属备案：{kin_flag}，有投诉：{complaint_flag}；{decided_at} 审核确认，此前没有县级入户记录。", en = "Registered kin: {kin_flag}, complaint: {complaint_flag}; decided at {decided_at} with no county visit on record before that." }
clears   = { zh = "补录 {decided_at} 之前真实的县级入户，或入户后重新作出决定。", en = "A true county visit before {decided_at} put on record, or a new decision after a visit." }

[params]
county_visit_for = ["dibao", "dibao_margin", "tekun"]

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
complaint = "application_id"
---*/
select
    decision.application_id as subject_key, '' as item, decision.decided_at as red_at,
    application.region_code, application.unit_code, application.programme, application.path, decision.decided_at,
    coalesce(application.kin_flag, false) as kin_flag, coalesce(application.complaint_flag, false) as complaint_flag,
    decision.complained_at
from (
    select
        stage.application_id, max(stage.at) as decided_at,
        (
            select min(complaint.received_at) from facts.complaint complaint
            where complaint.application_id = stage.application_id
        ) as complained_at
    from facts.stage stage
    where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
    group by stage.application_id
) decision
join facts.application application on application.application_id = decision.application_id
where application.programme = any(:county_visit_for)
    and coalesce(application.path, '') <> 'emergency'
    and (coalesce(application.kin_flag, false)
        or decision.complained_at <= decision.decided_at
        or (coalesce(application.complaint_flag, false) and decision.complained_at is null))
    and not exists (
        select 1 from facts.stage visit
        where visit.application_id = decision.application_id and visit.stage_code = 'COUNTY_VISIT'
            and visit.at <= decision.decided_at)
