/*---
code     = "J04"
version  = 1
title    = { zh = "满意率低于50%", en = "Satisfaction below 50 %" }
basis    = ["南京市栖霞区购买社会救助服务考核办法（地方规定：满意率低于50%，三年内不得参与竞标）", "政府购买服务管理办法（财政部令第102号）"]
subject  = "project"
to       = "P"
params   = { limit = 0.5, answers = 30 }
override_by = { region = "project.region_code", on = "cast(survey.last_answer_at at time zone 'Asia/Shanghai' as date)" }
why      = { zh = "半数以上的服务对象不满意，这笔钱没有换来帮助。", en = "More than half of those served are not satisfied: the money did not buy help." }
remedy   = { zh = "现场复核调查结果，听取承接主体说明；确认属实的，按当地规定书面告知并给予申辩机会后，再提出禁入建议。", en = "Verify the survey on the spot and hear the provider; only then, with notice and a chance to appeal, propose the bar that local rules allow." }
blind_to = { zh = "问卷本身造假（另由 J14 监督）；有效回答不足 30 份的不判断。", en = "A forged survey (J14 watches for that); fewer than 30 valid answers are not judged." }
says     = { zh = "有效回答 {answers} 份，满意 {satisfied} 份，满意率 {satisfied_percent}%（95% 区间 {lower_percent}%–{upper_percent}%），最近一份 {last_answer_at}。", en = "{satisfied} of {answers} valid answers satisfied: {satisfied_percent} % (95 % interval {lower_percent}–{upper_percent} %), the last on {last_answer_at}." }
clears   = { zh = "后续有效回答使满意率回到 50% 以上，或现场复核更正了答卷。", en = "Further valid answers bring the share to 50 % or more, or answers are corrected after verification." }

[touches]
survey_response = "project_id"
project = "project_id"
---*/
-- Wilson's 95 % interval (Wilson 1927), z = 1.96. Satisfied: 4 or 5 of 5; phases midterm, final, instant (contract §6).
select survey.project_id as subject_key, '' as item,
    survey.last_answer_at as yellow_at,
    case when survey.upper < :limit then survey.last_answer_at end as red_at,
    project.region_code, project.unit_code, project.provider_id,
    survey.answers, survey.satisfied, round(100 * survey.share, 1) as satisfied_percent,
    round(100 * survey.lower, 1) as lower_percent, round(100 * survey.upper, 1) as upper_percent, survey.last_answer_at,
    survey.by_phone, survey.by_visit, survey.by_sms, survey.by_popup, survey.by_form
from (
    select counted.*, cast(satisfied as numeric) / answers as share,
        (cast(satisfied as numeric) / answers + 1.9208 / answers - 1.96 * sqrt(cast(satisfied as numeric) * (answers - satisfied) / answers / answers / answers
            + 0.9604 / answers / answers)) / (1 + 3.8416 / answers) as lower,
        (cast(satisfied as numeric) / answers + 1.9208 / answers + 1.96 * sqrt(cast(satisfied as numeric) * (answers - satisfied) / answers / answers / answers
            + 0.9604 / answers / answers)) / (1 + 3.8416 / answers) as upper
    from (
        select response.project_id, count(*) as answers, sum(case when response.score >= 4 then 1 else 0 end) as satisfied,
            max(coalesce(response.answered_at, response.event_at)) as last_answer_at,
            sum(case when response.channel = 'phone' then 1 else 0 end) as by_phone, sum(case when response.channel = 'visit' then 1 else 0 end) as by_visit,
            sum(case when response.channel = 'sms' then 1 else 0 end) as by_sms, sum(case when response.channel = 'popup' then 1 else 0 end) as by_popup,
            sum(case when response.channel = 'form' then 1 else 0 end) as by_form
        from facts.survey_response response
        where response.phase in ('midterm', 'final', 'instant') and response.score >= 1
        group by response.project_id
    ) counted
) survey
left join facts.project project on project.project_id = survey.project_id
where survey.answers >= :answers and survey.share < :limit
