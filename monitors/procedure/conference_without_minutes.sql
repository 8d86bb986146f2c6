/*---
code     = "P23"
version  = 1
title    = { zh = "一事一议无会议纪要", en = "Case conference without minutes" }
basis    = ["刚性支出困难家庭认定办法 第9条", "国办发〔2023〕39号 三"]
subject  = "application"
to       = "U"
needs    = ["stage"]
why      = { zh = "一事一议是集体决定，没有纪要、没有多个部门参加，就成了个人说了算。", en = "A case conference decides together; without minutes and without several units it is one person's word." }
remedy   = { zh = "补齐真实的会议纪要；没有开会的，重新集体研究。", en = "Put the true minutes on record; where nobody met, hold the conference." }
blind_to = { zh = "只认得确认环节原因登记为“一事一议”（case_conference）的案件；参会人按该环节登记的经办人计，没有报送的不判断。", en = "Knows only decisions whose reason is on record as a case conference (case_conference, 一事一议); those at the table are the people recorded for the step; silent where they were not sent." }
says     = { zh = "{decided_at} 一事一议决定；缺少：{missing}；参会 {n_staff} 人，来自 {n_units} 个单位。", en = "Decided by a case conference at {decided_at}; missing: {missing}; {n_staff} people of {n_units} units." }
clears   = { zh = "补录真实的会议纪要和参会人员；或重新集体研究决定。", en = "The true minutes and people put on record, or a new conference." }

[params]
people = 3
units = 2

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
staff = "select stage.application_id from facts.stage stage where stage.stage_code = 'DECIDE' and stage.reason in ('case_conference', '一事一议') and stage.staff_ids && :staff_id"
---*/
select
    met.application_id as subject_key, '' as item, met.decided_at as yellow_at,
    met.region_code, met.unit_code, met.programme, met.path, met.decided_at,
    trim(case when met.lacks_minutes then 'MINUTES ' else '' end || case when met.n_staff < met.people then 'PEOPLE ' else '' end
        || case when met.n_units < met.units then 'UNITS' else '' end) as missing,
    met.n_staff, met.n_units
from (
    select
        decision.application_id, decision.decided_at, application.region_code, application.unit_code, application.programme,
        application.path, :people as people, :units as units,
        not exists (
            select 1 from facts.stage minuted
            where minuted.application_id = decision.application_id and 'minutes' = any(minuted.evidence)
        ) and decision.evidence_known as lacks_minutes,
        case when decision.staff_ids_known then coalesce(cardinality(decision.staff_ids), 0) end as n_staff,
        -- somebody whose unit nobody told may come from another one
        case when cardinality(decision.staff_ids) > 0 then (
            select case when count(staff.unit_code) = cardinality(decision.staff_ids) then count(distinct staff.unit_code) end
            from facts.staff staff where staff.staff_id = any(decision.staff_ids)
        ) end as n_units
    from (
        select
            stage.application_id, stage.at as decided_at, stage.reason, stage.staff_ids, stage.staff_ids_known, stage.evidence_known,
            row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest
        from facts.stage stage
        where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
    ) decision
    join facts.application application on application.application_id = decision.application_id
    where decision.latest = 1 and decision.reason in ('case_conference', '一事一议')
) met
where met.lacks_minutes or met.n_staff < met.people or met.n_units < met.units
