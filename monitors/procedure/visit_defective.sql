/*---
code     = "P05"
version  = 1
title    = { zh = "入户调查不规范", en = "Defective household visit" }
basis    = ["民发〔2021〕57号 第16条"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "入户是了解真实困难的唯一机会；一个人去、不签字、不拍照，事后说不清去没去、看到了什么。", en = "The visit is the one look at how a family lives; made by one person, unsigned and without a photo, nobody can say later what was seen." }
remedy   = { zh = "补做入户调查（每组不少于两人，调查人和在场家庭成员签字），按调查情况复核决定。", en = "Visit again (two people at least, signed by them and by a member of the family), and review the decision by what is found." }
blind_to = { zh = "看不出签字和照片是否真实；没有报送人员或材料的不判断。哪些程序要入户，以登记的规定程序为准。登记了原因的入户或启动调查（突发事件等不宜见面）按有理由处理，理由是否成立由人判断。", en = "Cannot tell whether signature and photo are genuine; silent where people or papers were not sent. The prescribed path says which cases need a visit. A visit or a start of the investigation with a reason (an emergency in which nobody meets) counts as excused; whether the reason holds is for people." }
says     = { zh = "缺少：{missing}。最近入户 {visited_at}，审核确认 {decided_at}。", en = "Missing: {missing}. Last visit {visited_at}, decided {decided_at}." }
clears   = { zh = "补录真实的入户记录（{missing}），或入户后重新作出决定。", en = "The true record of the visit ({missing}) put in place, or a new decision after a visit." }

[params]
visit_papers = ["signature", "photo"]
people = 2

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(coalesce(course.decided_at, course.visited_at) at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
prescribed_path = "*"
region = "*"
---*/
-- One visit done right before the last decision is enough; the parts of different visits do not add up to one.
select
    judged.application_id as subject_key, '' as item,
    case when judged.was_visited then judged.visited_at else judged.decided_at end as yellow_at,
    case when not judged.was_visited then judged.decided_at end as red_at,
    judged.region_code, judged.unit_code, judged.programme, judged.path,
    case when not judged.was_visited then 'VISIT'
        else trim(case when judged.n_pairs = 0 then 'TWO_PEOPLE ' else '' end
            || case when judged.n_papers = 0 or judged.n_pairs > 0 then 'VISIT_PAPERS' else '' end) end as missing,
    judged.visited_at, judged.decided_at
from (
    select
        course.application_id, application.region_code, application.unit_code, application.programme, application.path,
        course.decided_at, course.is_agreed,
        course.visited_at is not null as was_visited, course.visited_at,
        (
            select count(*) from facts.stage visit
            where visit.application_id = course.application_id and visit.stage_code = 'VISIT'
                and visit.at <= coalesce(course.decided_at, visit.at)
                and (cardinality(visit.staff_ids) >= :people or not visit.staff_ids_known)
        ) as n_pairs,
        (
            select count(*) from facts.stage visit
            where visit.application_id = course.application_id and visit.stage_code = 'VISIT'
                and visit.at <= coalesce(course.decided_at, visit.at)
                and (visit.evidence @> :visit_papers or not visit.evidence_known)
        ) as n_papers,
        (
            select count(*) from facts.stage visit
            where visit.application_id = course.application_id and visit.stage_code = 'VISIT'
                and visit.at <= coalesce(course.decided_at, visit.at)
                and (cardinality(visit.staff_ids) >= :people or not visit.staff_ids_known)
                and (visit.evidence @> :visit_papers or not visit.evidence_known)
        ) as n_sound
    from (
        select
            placed.application_id, placed.decided_at,
            max(case when placed.stage_code = 'DECIDE' and placed.at = placed.decided_at and placed.result = 'agree' then 1 else 0 end)
                as is_agreed,
            max(case when placed.stage_code = 'VISIT' and placed.at <= coalesce(placed.decided_at, placed.at) then placed.at end)
                as visited_at,
            max(case when placed.stage_code in ('SURVEY_START', 'VISIT') and trim(placed.reason) <> '' then 1 else 0 end) as is_excused
        from (
            select
                stage.application_id, stage.stage_code, stage.at, stage.result, stage.reason,
                max(case when stage.stage_code = 'DECIDE' then stage.at end) over (partition by stage.application_id) as decided_at
            from facts.stage stage
            where stage.stage_code in ('SURVEY_START', 'VISIT', 'DECIDE') and stage.at >= timestamptz '1900-01-01 00:00:00+00'
        ) placed
        group by placed.application_id, placed.decided_at
    ) course
    join facts.application application on application.application_id = course.application_id
    where course.is_excused = 0 and (course.visited_at is not null or course.is_agreed = 1)
        and exists (
            select 1 from facts.prescribed prescribed
            where prescribed.application_id = course.application_id and 'VISIT' = any(prescribed.required))
) judged
where not judged.was_visited or judged.n_sound = 0
