/*---
code     = "P11"
version  = 1
title    = { zh = "秒批", en = "Instant approval" }
basis    = ["民发〔2021〕57号 第20条（审核确认应当审查材料和调查情况）"]
subject  = "application"
to       = "U"
why      = { zh = "上一环节刚办完几十秒就确认，来不及看材料，审核成了点按钮。", en = "A decision seconds after the step before it leaves no time to read: the review has become a click." }
remedy   = { zh = "重新审阅材料和入户情况，复核决定。", en = "Read papers and visit record again, and review the decision." }
blind_to = { zh = "线下审议、线上补点的看不出。一人一小时批三十件以上、一天批完当月四成以上的，另按人、按单位统计。只记日期的时间（零点）不判断；核对报告、公示结束等系统自动环节不算上一环节。", en = "A case weighed on paper and clicked through later looks the same. Thirty decisions of one person in an hour and 40 % of a month's in a day are counted apart, by person and by unit. Times that are dates only (midnight) are not judged; automatic steps (verification report, end of publicity) are not the step before." }
says     = { zh = "{decided_at} 确认，距上一环节（{previous_step}，{previous_at}）仅 {seconds} 秒；同案入户不规范：{visit_defective}。", en = "Decided at {decided_at}, {seconds} seconds after the step before ({previous_step}, {previous_at}); the visit of this case was defective: {visit_defective}." }
clears   = { zh = "审阅后重新作出决定；更正环节时间。", en = "A new decision after reading, or a corrected time." }

[params]
limit = 60          # seconds

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
correction = "select found.subject_key from facts.correction found where found.finding_id = any(:finding_id) and found.subject_kind = 'application' and found.rule = 'P05'"
---*/
-- Together with a defective visit (P05) it is yellow.
select
    quick.application_id as subject_key, '' as item, quick.decided_at as notice_at,
    case when quick.visit_defective then quick.decided_at end as yellow_at,
    quick.region_code, quick.unit_code, quick.programme, quick.path, quick.decided_at, quick.previous_at, quick.previous_step,
    cast(floor(extract(epoch from quick.decided_at - quick.previous_at)) as int) as seconds, quick.visit_defective
from (
    select
        decision.application_id, decision.decided_at, decision.previous_at, application.region_code, application.unit_code,
        application.programme, application.path,
        (
            select min(before.stage_code) from facts.stage before
            where before.application_id = decision.application_id and before.at = decision.previous_at
                and before.stage_code in ('ACCEPT', 'VISIT', 'OPINION', 'REVIEW', 'COUNTY_RECEIVE', 'COUNTY_VISIT')
        ) as previous_step,
        exists (
            select 1 from facts.correction found
            where found.subject_kind = 'application' and found.subject_key = decision.application_id and found.rule = 'P05'
                and found.present
        ) as visit_defective
    from (
        select
            placed.application_id, placed.decided_at,
            max(case when placed.stage_code <> 'DECIDE' and placed.at <= placed.decided_at then placed.at end) as previous_at
        from (
            select
                stage.application_id, stage.stage_code, stage.at,
                max(case when stage.stage_code = 'DECIDE' then stage.at end) over (partition by stage.application_id) as decided_at
            from facts.stage stage
            where stage.stage_code in ('ACCEPT', 'VISIT', 'OPINION', 'REVIEW', 'COUNTY_RECEIVE', 'COUNTY_VISIT', 'DECIDE')
                and stage.at >= timestamptz '1900-01-01 00:00:00+00'
        ) placed
        group by placed.application_id, placed.decided_at
    ) decision
    join facts.application application on application.application_id = decision.application_id
    where decision.decided_at < decision.previous_at + :limit * interval '1 second'
        and coalesce(application.path, '') <> 'emergency'
        and cast(decision.decided_at at time zone 'Asia/Shanghai' as time) <> time '00:00:00'
) quick
