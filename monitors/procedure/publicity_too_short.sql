/*---
code     = "P01"
version  = 1
title    = { zh = "公示期不足", en = "Publicity too short" }
basis    = ["民发〔2021〕57号 第19条", "民发〔2021〕43号 第15条、第26条"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "公示满七天，邻里才有时间提出异议；缩短公示等于取消监督。", en = "Neighbours need the full seven days to object; a shorter publicity takes their say away." }
remedy   = { zh = "重新公示满七天（7×24小时）后再审核确认。", en = "Publicise again for the full seven days (7 × 24 hours) before the decision." }
blind_to = { zh = "只看最后一次公示；公示栏是否真的张贴、录入的时间是否真实，看不出来。公示未结束的不判断。", en = "Sees the last publicity only, and neither whether the notice really hung there nor whether its times are true. A publicity without an end is not judged." }
says     = { zh = "公示自 {started_at} 至 {ended_at}，共 {hours_public} 小时，不足 {limit_hours} 小时。", en = "Publicity ran from {started_at} to {ended_at}: {hours_public} hours, fewer than {limit_hours}." }
clears   = { zh = "重新公示满 {limit_hours} 小时，或更正公示起止时间。", en = "A new publicity of {limit_hours} hours, or corrected times." }

[params]
limit = 168         # hours
red_hours = 72
pub_exempt = ["rigid_expense", "temporary_aid", "disability_living", "disability_care", "old_age"]

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(publicity.ended_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
person = "select application.application_id from facts.application application where application.publicity_exempt and application.applicant_person_id = any(:person_id) union select application.application_id from facts.household_member member join facts.application application on application.household_id = member.household_id where application.publicity_exempt and member.person_id = any(:person_id)"
household_member = "select application.application_id from facts.application application where application.publicity_exempt and application.household_id = any(:household_id)"
---*/
-- The last publicity; one whose end lies before its start is out of order (P10), not short.
select
    publicity.application_id as subject_key, '' as item,
    publicity.ended_at as yellow_at,
    case when publicity.ended_at < publicity.started_at + :red_hours * interval '1 hour' then publicity.ended_at end as red_at,
    application.region_code, application.unit_code, application.programme, application.path,
    publicity.started_at, publicity.ended_at,
    cast(floor(extract(epoch from publicity.ended_at - publicity.started_at) / 3600) as int) as hours_public,
    :limit as limit_hours
from (
    select
        stage.application_id,
        max(case when stage.stage_code = 'PUBLICITY_START' then stage.at end) as started_at,
        max(case when stage.stage_code = 'PUBLICITY_END' then stage.at end) as ended_at
    from facts.stage stage
    where stage.stage_code in ('PUBLICITY_START', 'PUBLICITY_END')
    group by stage.application_id
) publicity
join facts.application application on application.application_id = publicity.application_id
where publicity.ended_at >= publicity.started_at
    and publicity.ended_at < publicity.started_at + :limit * interval '1 hour'
    and coalesce(application.path, '') <> 'emergency'
    and application.programme not in ('orphan', 'unsupported_child')
    and not application.programme = any(:pub_exempt)
    -- a minor may be spared; an applicant of unknown age is taken for one, and so is a guardian who applies for one
    and not (application.programme = 'tekun' and coalesce(application.publicity_exempt, false) and (
        coalesce((
            select max(case when coalesce(human.birth_date, human.id_birth_date, date '9999-12-31')
                > cast(publicity.started_at at time zone 'Asia/Shanghai' as date) - interval '18 years' then 1 else 0 end)
            from facts.person human where human.person_id = application.applicant_person_id), 1) = 1
        or exists (
            select 1 from facts.household_member member join facts.person human on human.person_id = member.person_id
            where member.household_id = application.household_id and member.counted
                and coalesce(human.birth_date, human.id_birth_date)
                    > cast(publicity.started_at at time zone 'Asia/Shanghai' as date) - interval '18 years')))
