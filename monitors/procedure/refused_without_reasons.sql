/*---
code     = "P14"
version  = 1
title    = { zh = "不予受理或不予确认无理由", en = "Refusal without reasons" }
basis    = ["民发〔2021〕57号 第21条", "社会救助暂行办法 第66条(一)(二)"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "不告诉理由，群众就不知道差在哪里、该补什么、能不能申诉。", en = "Without reasons a family knows neither what is missing nor what it can do about it." }
remedy   = { zh = "补发书面告知书，写明理由、依据和救济途径。", en = "Send a written notice with reasons, grounds and the way to appeal." }
blind_to = { zh = "只看理由有没有、是否过短、有没有告知书，看不出理由是否成立。没有报送理由或材料的不判断。告知是否及时由 T09 判断。", en = "Sees whether there are reasons, whether they are very short and whether there is a notice, not whether the reasons hold. Silent where reasons or papers were not sent. Whether the notice was in time is T09." }
says     = { zh = "{refused_at} {step}不予办理；缺少：{missing}；理由 {reason_length} 字。", en = "Refused at {refused_at} ({step}); missing: {missing}; reasons of {reason_length} characters." }
clears   = { zh = "补录理由并送达书面告知书。", en = "Reasons put on record and a written notice given." }

[params]
limit = 10          # characters
notice_days = 3     # working days after which a missing notice is held against the unit

[override_by]
region = "judged.region_code"
programme = "judged.programme"
path = "judged.path"
on = "cast(judged.refused_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
workday = "*"
region = "*"
---*/
-- A missing reason is held against the unit at once, a missing notice after its days; both together are one finding.
select
    told.application_id as subject_key, '' as item,
    case when told.lacks_reason or told.is_short then told.refused_at else told.due_at end as yellow_at,
    told.region_code, told.unit_code, told.programme, told.path, told.stage_code as step, told.refused_at,
    case when told.lacks_reason then 'REASON' when told.is_short then 'REASON_TEXT' else 'NOTICE' end as missing,
    told.reason_length
from (
    select
        judged.*,
        judged.reason_known and judged.note_known and judged.reason_length < :limit as is_short,
        case when judged.lacks_notice then (
            select min(cast(due.day as timestamp) at time zone 'Asia/Shanghai')
            from facts.working_day started
            join facts.working_day due on due.calendar = started.calendar and due.working and due.n = started.n + :notice_days + 1
            where started.calendar = judged.calendar and started.day = cast(judged.refused_at at time zone 'Asia/Shanghai' as date)
        ) end as due_at
    from (
        select
            refusal.application_id, refusal.stage_code, refusal.refused_at, refusal.reason_known, refusal.note_known,
            application.region_code, application.unit_code, application.programme, application.path,
            coalesce(place.calendar, 'CN') as calendar, refusal.reason_known and coalesce(trim(refusal.reason), '') = '' as lacks_reason,
            greatest(length(trim(coalesce(refusal.reason, ''))), length(trim(coalesce(refusal.note, '')))) as reason_length,
            not exists (
                select 1 from facts.stage notice
                where notice.application_id = refusal.application_id and notice.stage_code = 'NOTICE'
                    and notice.at >= refusal.refused_at and ('notice' = any(notice.evidence) or not notice.evidence_known)
            ) as lacks_notice
        from (
            select
                stage.application_id, stage.stage_code, stage.at as refused_at, stage.result, stage.reason, stage.reason_known,
                stage.note, stage.note_known,
                row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest
            from facts.stage stage
            where stage.stage_code in ('REJECT_ACCEPT', 'DECIDE') and stage.at >= timestamptz '1900-01-01 00:00:00+00'
        ) refusal
        join facts.application application on application.application_id = refusal.application_id
        left join facts.region_calendar place on place.region_code = application.region_code
        where refusal.latest = 1 and (refusal.stage_code = 'REJECT_ACCEPT' or refusal.result = 'refuse')
    ) judged
) told
where told.lacks_reason or told.is_short or told.due_at is not null
