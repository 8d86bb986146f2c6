/*---
code     = "P08"
version  = 1
title    = { zh = "应回避未回避", en = "No recusal" }
basis    = ["民发〔2021〕57号 第11条、第39条"]
subject  = "application"
to       = "U"
why      = { zh = "自己或近亲属的申请由自己经办，再公正也说不清。", en = "Nobody can be seen to be fair in a case of their own or of their kin." }
remedy   = { zh = "由无关人员重新入户、初审、确认，并补办近亲属备案。", en = "Let somebody else visit, give the opinion and decide anew, and register the case apart." }
blind_to = { zh = "只认得登记了证件号码的工作人员和登记了亲属关系的家庭。", en = "Knows only staff with an ID number and families with kinship on record." }
says     = { zh = "{step}（{acted_at}）的经办人 {staff_id} 是申请家庭成员 {person_id} 本人或近亲属（{relation}）。", en = "{staff_id}, who took the step {step} at {acted_at}, is member {person_id} of the household or kin ({relation})." }
clears   = { zh = "由无关人员重新办理该环节；经办人或亲属关系登记有误的，更正登记。", en = "The step taken again by somebody else, or a wrong record of the handler or of kinship corrected." }

[touches]
application = "application_id"
stage = "application_id"
household_member = "select application.application_id from facts.application application where application.household_id = any(:household_id)"
person = "select application.application_id from facts.kin kin join facts.household_member member on member.person_id = kin.relative_id join facts.application application on application.household_id = member.household_id where kin.person_id = any(:person_id)"
kinship = "select application.application_id from facts.household_member member join facts.application application on application.household_id = member.household_id where member.person_id = any(:person_id) or member.person_id = any(:relative_id)"
staff = "select application.application_id from facts.person human join facts.kin kin on kin.person_id = human.person_id join facts.household_member member on member.person_id = kin.relative_id join facts.application application on application.household_id = member.household_id where human.id_number_key = any(:id_number_key)"
---*/
-- The last step of each kind counts: a step taken again by somebody else mends it.
select
    acted.application_id as subject_key, acted.stage_code as item, acted.at as red_at,
    acted.region_code, acted.unit_code, acted.programme, acted.path,
    acted.stage_id, acted.stage_code as step, acted.at as acted_at, acted.household_id,
    split_part(acted.triple, ' ', 1) as staff_id, split_part(acted.triple, ' ', 2) as person_id,
    split_part(acted.triple, ' ', 3) as relation
from (
    select
        step.*, application.region_code, application.unit_code, application.programme, application.path, application.household_id,
        (
            select min(staff.staff_id || ' ' || member.person_id || ' ' || coalesce(kin.relation, ''))
            from facts.household_member member
            join facts.kin kin on kin.person_id = member.person_id
            join facts.person human on human.person_id = kin.relative_id
            join facts.staff staff on staff.id_number_key = human.id_number_key
            where member.household_id = application.household_id and staff.staff_id = any(step.staff_ids)
                and coalesce(member.to_date, date '9999-12-31') >= cast(step.at at time zone 'Asia/Shanghai' as date)
        ) as triple
    from (
        select
            stage.application_id, stage.stage_id, stage.stage_code, stage.at, stage.staff_ids,
            row_number() over (partition by stage.application_id, stage.stage_code order by stage.at desc, stage.stage_id desc)
                as latest
        from facts.stage stage
        where stage.stage_code in ('VISIT', 'OPINION', 'DECIDE') and stage.at >= timestamptz '1900-01-01 00:00:00+00'
    ) step
    join facts.application application on application.application_id = step.application_id
    where step.latest = 1
) acted
where acted.triple is not null
