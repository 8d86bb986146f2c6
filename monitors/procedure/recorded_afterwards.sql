/*---
code     = "P21"
version  = 1
title    = { zh = "事后补录与决定后改数", en = "Back-filling and edits after the decision" }
basis    = ["社会救助暂行办法 第66条(五)"]
subject  = "application"
to       = "U"
needs    = ["stage", "benefit"]
why      = { zh = "环节过了很久才录、告警之后才补出更早的时间、决定后改人数，记录就不能证明事情真的那样发生过。", en = "A step typed in long afterwards, an earlier time that appears only after the card, a number changed after the decision: such a record no longer proves what happened." }
remedy   = { zh = "说明晚录或修改的原因，提供当时的纸质材料；没有材料的，重新履行该环节。", en = "Explain the late entry or change and show the papers of the time; where there are none, take the step again." }
blind_to = { zh = "只看报送了录入时间的环节和保留各版本的待遇；收入核查、成员、账户在事实表中只有现值，改动看不出来（可查台账）。补录真实记录也会触发，由人核实。急难先行救助允许后补，不判断。", en = "Sees steps with a time of entry and benefits, of which every version is kept; of income checks, members and accounts facts hold the present value only, so their edits are not seen (the ledger has them). A true late entry fires too and is for people to see. Emergency aid may be recorded later and is left out." }
says     = { zh = "问题：{what}。晚录环节：{late_step}（最早发生 {late_at}，最早录入 {recorded_at}）；告警后补录 {after_alert_at}；决定（{decided_at}）后改保障人口 {changed_at}。", en = "What is wrong: {what}. Entered late: {late_step} (first happened {late_at}, first entered {recorded_at}); entered after a card at {after_alert_at}; persons covered changed at {changed_at}, after the decision of {decided_at}." }
clears   = { zh = "更正录入有误的时间；补录复核环节以说明待遇变更；确属事后补录的，记录保留。", en = "A wrong time of entry corrected, or the review that explains the change put on record; a true late entry stays." }

[params]
limit = 3           # working days from the step to its entry

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(stage.at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
benefit = "application_id"
correction = "select found.subject_key from facts.correction found where found.finding_id = any(:finding_id) and found.subject_kind = 'application' and found.rule <> 'P21'"
workday = "*"
region = "*"
---*/
-- The persons covered may change with a review or a new decision within the month before; other changes are edits.
select
    edited.application_id as subject_key, '' as item,
    least(edited.recorded_at, edited.changed_at, edited.after_alert_at) as yellow_at, edited.after_alert_at as red_at,
    edited.region_code, edited.unit_code, edited.programme, edited.path,
    trim(case when edited.recorded_at is not null then 'LATE_ENTRY ' else '' end
        || case when edited.after_alert_at is not null then 'ENTRY_AFTER_CARD ' else '' end
        || case when edited.changed_at is not null then 'EDIT_AFTER_DECISION' else '' end) as what,
    edited.late_step, edited.late_at, edited.recorded_at, edited.after_alert_at, edited.decided_at, edited.changed_at
from (
    select
        course.application_id, course.decided_at, course.region_code, course.unit_code, course.programme, course.path,
        course.recorded_at, course.late_step, course.late_at,
        (
            select min(entry.recorded_at)
            from facts.correction found
            join facts.stage entry on entry.application_id = found.subject_key
            where found.subject_kind = 'application' and found.subject_key = course.application_id and found.rule <> 'P21'
                and entry.at < found.raised_at and entry.recorded_at > found.raised_at
                and cast(entry.at at time zone 'Asia/Shanghai' as date) < cast(entry.recorded_at at time zone 'Asia/Shanghai' as date)
        ) as after_alert_at,
        (
            select min(held.from_at)
            from facts.benefit benefit
            join facts.benefit_version before on before.benefit_id = benefit.benefit_id
            join facts.benefit_version held on held.benefit_id = before.benefit_id and held.from_at = before.to_at
            where benefit.application_id = course.application_id and held.covered_persons <> before.covered_persons
                and held.from_at > course.decided_at
                and not exists (
                    select 1 from facts.stage review
                    where review.application_id = course.application_id and review.stage_code in ('REVIEW', 'DECIDE', 'POST_CHECK')
                        and review.at > course.decided_at and review.at <= held.from_at
                        and review.at >= held.from_at - interval '31 days')
        ) as changed_at
    from (
        select
            step.application_id, step.region_code, step.unit_code, step.programme, step.path,
            min(case when step.stage_code = 'DECIDE' then step.at end) as decided_at,
            min(case when step.is_late then step.recorded_at end) as recorded_at,
            min(case when step.is_late then step.at end) as late_at,
            string_agg(distinct case when step.is_late then step.stage_code end, ' '
                order by case when step.is_late then step.stage_code end) as late_step
        from (
            select
                stage.application_id, stage.stage_code, stage.at, stage.recorded_at, application.region_code,
                application.unit_code, application.programme, application.path,
                coalesce(stage.stage_code in ('VISIT', 'COUNTY_VISIT', 'PUBLICITY_START', 'PUBLICITY_END', 'CHECK_REQUEST',
                    'CHECK_START', 'CHECK_REPORT') and entered.n - happened.n > :limit, false) as is_late
            from facts.stage stage
            join facts.application application on application.application_id = stage.application_id
            left join facts.region_calendar place on place.region_code = application.region_code
            left join facts.working_day happened
                on happened.calendar = coalesce(place.calendar, 'CN') and happened.day = cast(stage.at at time zone 'Asia/Shanghai' as date)
            left join facts.working_day entered
                on entered.calendar = happened.calendar and entered.day = cast(stage.recorded_at at time zone 'Asia/Shanghai' as date)
            where stage.at >= timestamptz '1900-01-01 00:00:00+00' and coalesce(application.path, '') <> 'emergency'
        ) step
        group by step.application_id, step.region_code, step.unit_code, step.programme, step.path
    ) course
) edited
where coalesce(edited.recorded_at, edited.changed_at, edited.after_alert_at) is not null
