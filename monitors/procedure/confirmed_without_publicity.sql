/*---
code     = "P02"
version  = 1
title    = { zh = "未公示即确认", en = "Confirmed without publicity" }
basis    = ["民发〔2021〕57号 第19条", "社会救助暂行办法 第11条"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "确认前公示是唯一的群众监督环节；不公示就确认，容易掩盖人情保、关系保。", en = "Publicity before the decision is the one step at which neighbours can object; without it favours stay hidden." }
remedy   = { zh = "补办公示并重新审核；依法不公示的，登记不公示的理由。", en = "Publicise and decide anew; where the law spares publicity, record why." }
blind_to = { zh = "看不出公示内容是否真的张贴；只看最后一次决定；未登记年龄的特困申请人按未成年人对待。", en = "Cannot see whether a notice really hung there; looks at the last decision only; an applicant of unknown age who asks for no publicity is taken for a minor." }
says     = { zh = "{decided_at} 同意确认，此前没有公示记录。", en = "Agreed at {decided_at} with no publicity on record before that." }
clears   = { zh = "补录 {decided_at} 之前真实的公示，或公示后重新作出决定。", en = "A true publicity before {decided_at} put on record, or a new decision after a publicity." }

[params]
pub_exempt = ["rigid_expense", "temporary_aid", "disability_living", "disability_care", "old_age"]

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
person = "select application.application_id from facts.application application where application.publicity_exempt and application.applicant_person_id = any(:person_id) union select application.application_id from facts.household_member member join facts.application application on application.household_id = member.household_id where application.publicity_exempt and member.person_id = any(:person_id)"
household_member = "select application.application_id from facts.application application where application.publicity_exempt and application.household_id = any(:household_id)"
---*/
select
    decision.application_id as subject_key, '' as item, decision.decided_at as red_at,
    application.region_code, application.unit_code, application.programme, application.path, decision.decided_at
from (
    select
        stage.application_id, stage.at as decided_at, stage.result,
        row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest
    from facts.stage stage
    where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
) decision
join facts.application application on application.application_id = decision.application_id
where decision.latest = 1 and decision.result = 'agree'
    and coalesce(application.path, '') <> 'emergency'
    and application.programme not in ('orphan', 'unsupported_child')
    and not application.programme = any(:pub_exempt)
    and not exists (
        select 1 from facts.stage publicity
        where publicity.application_id = decision.application_id and publicity.stage_code = 'PUBLICITY_START'
            and publicity.at <= decision.decided_at)
    -- a minor may be spared; an applicant of unknown age is taken for one, and so is a guardian who applies for one
    and not (application.programme = 'tekun' and coalesce(application.publicity_exempt, false) and (
        coalesce((
            select max(case when coalesce(human.birth_date, human.id_birth_date, date '9999-12-31')
                > cast(decision.decided_at at time zone 'Asia/Shanghai' as date) - interval '18 years' then 1 else 0 end)
            from facts.person human where human.person_id = application.applicant_person_id), 1) = 1
        or exists (
            select 1 from facts.household_member member join facts.person human on human.person_id = member.person_id
            where member.household_id = application.household_id and member.counted
                and coalesce(human.birth_date, human.id_birth_date)
                    > cast(decision.decided_at at time zone 'Asia/Shanghai' as date) - interval '18 years')))
