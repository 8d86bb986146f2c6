/*---
code     = "P18"
version  = 1
title    = { zh = "减停发未告知理由", en = "Reduction or stop without notice" }
basis    = ["民发〔2021〕57号 第32条", "社会救助暂行办法 第13条"]
subject  = "application"
to       = "U"
needs    = ["benefit", "stage"]
why      = { zh = "钱少了、停了却没人告诉为什么，困难家庭既无法准备，也无法申诉。", en = "A family whose money shrinks or stops without a word can neither prepare nor object." }
remedy   = { zh = "补发书面告知，写明理由、依据和申诉途径；没有法定理由的，恢复发放并补发。", en = "Give written notice with reasons, grounds and the way to appeal; where there is no lawful reason, resume payment and pay what was missed." }
blind_to = { zh = "只看最近一次减发或停发；减发没有理由字段，只看有没有告知。告知书里是否写明申诉途径看不出来，只看有没有书面告知书。首次报送即已停发的，停发时间不明，只看理由。发放期满的待遇（没有停发原因）不算停发；没有报送停发原因的不判断。", en = "Looks at the latest cut or stop; a cut has no field for its reason, so only the notice is judged. Whether the notice names the way to appeal cannot be seen, only whether there is a written one. Where the stop is the first we heard of a benefit, its time is unknown and only the reason is judged. A benefit that runs out (no reason of a stop) is not stopped; silent where the reason was not sent." }
says     = { zh = "待遇 {benefit_id} 于 {changed_at} 由 {before_fen} 变为 {after_fen}，终止月份 {end_period}，原因 {stop_reason}；缺少：{missing}。", en = "Benefit {benefit_id} changed at {changed_at} from {before_fen} to {after_fen}, last month {end_period}, reason {stop_reason}; missing: {missing}." }
clears   = { zh = "补录 {due_at} 前真实的书面告知；更正停发原因；或恢复待遇。", en = "A true written notice before {due_at} put on record, the reason corrected, or the benefit restored." }

[params]
notice_days = 3     # working days after the change
told_before_days = 30
lawful_reasons = ["income", "property", "death", "custody", "voluntary", "moved", "refused_work"]

[override_by]
region = "worse.region_code"
programme = "worse.programme"
on = "cast(worse.changed_at at time zone 'Asia/Shanghai' as date)"

[touches]
benefit = "application_id"
stage = "application_id"
workday = "*"
region = "*"
---*/
-- From the inside out: every version of a benefit beside the one before it; those that make it worse; the latest of them.
-- A stop for death or at one's own wish needs no notice; nor is one asked for where the stop is the first we heard of the
-- benefit: when it was stopped is not known then.
select
    judged.application_id as subject_key, judged.benefit_id as item,
    case when judged.lacks_reason then judged.changed_at else judged.due_at end as yellow_at,
    case when judged.lacks_reason then judged.changed_at end as red_at,
    judged.region_code, judged.programme, judged.benefit_id, judged.household_id, judged.changed_at, judged.due_at,
    judged.before_fen, judged.after_fen, judged.end_period, judged.stop_reason,
    case when judged.lacks_reason then 'LAWFUL_REASON' else 'NOTICE' end as missing
from (
    select
        worse.*,
        worse.is_stop and not coalesce(worse.stop_reason = any(:lawful_reasons), false) as lacks_reason,
        (
            select min(cast(due.day as timestamp) at time zone 'Asia/Shanghai')
            from facts.working_day started
            join facts.working_day due on due.calendar = started.calendar and due.working and due.n = started.n + :notice_days + 1
            where started.calendar = worse.calendar and started.day = cast(worse.changed_at at time zone 'Asia/Shanghai' as date)
        ) as due_at,
        worse.was_seen and not exists (
            select 1 from facts.stage notice
            join facts.working_day started
                on started.calendar = worse.calendar and started.day = cast(worse.changed_at at time zone 'Asia/Shanghai' as date)
            join facts.working_day told
                on told.calendar = started.calendar and told.day = cast(notice.at at time zone 'Asia/Shanghai' as date)
            where notice.application_id = worse.application_id and notice.stage_code = 'NOTICE'
                and notice.at >= worse.changed_at - :told_before_days * interval '1 day' and told.n <= started.n + :notice_days
                and ('notice' = any(notice.evidence) or not notice.evidence_known)
        ) as lacks_notice
    from (
        select
            changed.*,
            row_number() over (partition by changed.application_id, changed.benefit_id order by changed.changed_at desc) as latest
        from (
            select
                version.*,
                version.end_period is not null and version.end_period < coalesce(version.end_before, '9999-12')
                    and (version.place > 1 or version.version_reason is not null) as is_stop,
                version.place > 1 as was_seen
            from (
                select
                    benefit.application_id, benefit.benefit_id, benefit.region_code, coalesce(place.calendar, 'CN') as calendar, benefit.programme, benefit.household_id,
                    benefit.stop_reason, benefit.stop_reason_known, held.stop_reason as version_reason,
                    held.event_at as changed_at, held.end_period, held.monthly_amount_fen as after_fen,
                    row_number() over (partition by benefit.application_id, benefit.benefit_id order by held.from_at) as place,
                    lag(held.monthly_amount_fen) over (partition by benefit.application_id, benefit.benefit_id order by held.from_at)
                        as before_fen,
                    lag(held.end_period) over (partition by benefit.application_id, benefit.benefit_id order by held.from_at)
                        as end_before
                from facts.benefit benefit
                join facts.benefit_version held on held.benefit_id = benefit.benefit_id
                left join facts.region_calendar place on place.region_code = benefit.region_code
            ) version
        ) changed
        where changed.is_stop or changed.after_fen < changed.before_fen
    ) worse
    where worse.latest = 1
        and (not worse.is_stop or (worse.stop_reason_known and coalesce(worse.stop_reason, '') not in ('death', 'voluntary')))
) judged
where judged.lacks_reason or (judged.lacks_notice and judged.due_at is not null)
