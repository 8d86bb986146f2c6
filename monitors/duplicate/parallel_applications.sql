/*---
code     = "D13"
version  = 1
title    = { zh = "同期多点申请", en = "Parallel applications" }
basis    = ["民发〔2021〕57号 第5条"]
subject  = "person"
to       = "S"
needs    = ["application", "stage"]
why      = { zh = "同一个人在两处同时申请同一救助：多半是不知道该向哪里申请，两处都办下来就会重复。", en = "One person applies for the same aid in two places at once: mostly not knowing where to go, but granted twice it would be a duplicate." }
remedy   = { zh = "两处受理单位联系，由一处办理，并告知申请人。", en = "The two offices talk, one of them goes on, and the applicant is told." }
blind_to = { zh = "按申请人判断，同一家庭由不同成员申请的看不出；没有报送办结环节的会一直提示。", en = "Goes by the applicant: a family applying through different members is not seen; a case whose end was not sent stays noticed." }
says     = { zh = "同时有 {cases} 件 {programme} 在办申请，分别在 {unit_a}、{unit_b}（{application_a}、{application_b}）。", en = "{cases} applications for {programme} are open at once, at {unit_a} and {unit_b} ({application_a}, {application_b})." }
clears   = { zh = "其中一件办结、不予受理或撤回。", en = "One of them is decided, not accepted or withdrawn." }

[touches]
application = "select person_key from facts.identity where person_id = any(:applicant_person_id)"
stage = "select i.person_key from facts.application a join facts.identity i on i.person_id = a.applicant_person_id where a.application_id = any(:application_id)"
person = "person_key"
---*/
select
    open.person_key as subject_key, open.programme as item, max(case when open.place = 2 then open.at end) as notice_at,
    min(open.region_code) as region_code, open.programme, count(*) as cases, min(open.unit_code) as unit_a, max(open.unit_code) as unit_b,
    min(open.application_id) as application_a, max(open.application_id) as application_b
from (
    select
        i.person_key, application.programme, application.application_id, application.region_code, application.unit_code,
        coalesce(application.submitted_at, application.event_at) as at,
        row_number() over (
            partition by i.person_key, application.programme
            order by coalesce(application.submitted_at, application.event_at), application.application_id) as place
    from facts.identity i
    join facts.application application on application.applicant_person_id = i.person_id
    where application.programme is not null and application.unit_code is not null and not exists (
        select 1 from facts.stage ended
        where ended.application_id = application.application_id and ended.stage_code in ('DECIDE', 'REJECT_ACCEPT', 'WITHDRAW'))
) open
group by open.person_key, open.programme
having count(distinct open.unit_code) >= 2
