/*---
code     = "P04"
version  = 1
title    = { zh = "无授权或未核对即确认", en = "No authorisation or no verification" }
basis    = ["民发〔2021〕57号 第9条、第17条", "社会救助暂行办法 第58条"]
subject  = "application"
to       = "U"
why      = { zh = "没有授权就查是侵权，没有核对就批容易错保；核对结果过旧等于没有核对。", en = "Looking without authorisation infringes rights, deciding without looking pays the wrong people, and an old report is no look at all." }
remedy   = { zh = "补齐授权、重新核对，按核对结果复核决定。", en = "Obtain the authorisation, verify again, and review the decision by the result." }
blind_to = { zh = "只看有没有授权和报告、早晚，看不出核对内容对不对；不以经济状况为条件的津贴不判断（check_exempt）。", en = "Sees whether and when there was an authorisation and a report, not whether the report is right; allowances that do not depend on means are left out (check_exempt)." }
says     = { zh = "{decided_at} 同意确认；查询授权：{authorised}；最近核对报告：{reported_at}，早于决定 {report_age_days} 天（上限 {limit_days} 天）。", en = "Agreed at {decided_at}; authorisation: {authorised}; last verification report: {reported_at}, {report_age_days} days before the decision (limit {limit_days})." }
clears   = { zh = "补录真实的授权和 {decided_at} 之前 {limit_days} 天内的核对报告，或核对后重新作出决定。", en = "A true authorisation and a report of the {limit_days} days before {decided_at} put on record, or a new decision after a verification." }

[params]
limit = 90          # calendar days a report stays fresh
check_exempt = ["orphan", "unsupported_child", "disability_living", "disability_care", "old_age"]

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
income_check = "application_id"
---*/
select
    decision.application_id as subject_key, '' as item,
    decision.decided_at as yellow_at,
    case when decision.lacks_authorisation or coalesce(decision.reported_at > decision.decided_at, true) then decision.decided_at end
        as red_at,
    application.region_code, application.unit_code, application.programme, application.path, decision.decided_at,
    not decision.lacks_authorisation as authorised,
    decision.reported_at,
    cast(decision.decided_at at time zone 'Asia/Shanghai' as date) - cast(decision.reported_at at time zone 'Asia/Shanghai' as date)
        as report_age_days,
    :limit as limit_days
from (
    select
        stage.application_id, stage.at as decided_at, stage.result,
        row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest,
        (
            select max(report.at) from facts.stage report
            where report.application_id = stage.application_id and report.stage_code = 'CHECK_REPORT'
        ) as reported_at,
        not exists (
            select 1 from facts.income_check verified
            where verified.application_id = stage.application_id and (verified.authorised or not verified.authorised_known)
        ) as lacks_authorisation
    from facts.stage stage
    where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
) decision
join facts.application application on application.application_id = decision.application_id
where decision.latest = 1 and decision.result = 'agree'
    and coalesce(application.path, '') <> 'emergency'
    and not application.programme = any(:check_exempt)
    and (decision.lacks_authorisation or coalesce(decision.reported_at > decision.decided_at, true)
        or cast(decision.decided_at at time zone 'Asia/Shanghai' as date)
            - cast(decision.reported_at at time zone 'Asia/Shanghai' as date) > :limit)
