/*---
code     = "T25"
version  = 1
title    = { zh = "告警未按期回复", en = "Card not answered" }
basis    = ["地方电子监察办法：被监察单位应在5个工作日内网上回复", "监察规程 E1：黄牌逾期未回复升级；E2：同一对象三次提示未处理升级"]
subject  = "finding"
to       = "U"
params   = { limit = 5, notices = 3 }
override_by = { region = "alert.region_code", on = "alert.alert_on" }
why      = { zh = "没有回复的告警，问题可能仍在伤害困难群众。", en = "Behind a card without an answer somebody may still be waiting for help." }
remedy   = { zh = "说明核查情况和处理结果；确需更长时间的，由监察人员交办时约定期限。", en = "Say what was found and done; where more time is needed, the supervisor sets it when handing over." }
blind_to = { zh = "不判断回复的质量（由核验判断）；只有提示的，同一对象累计三次才升级。", en = "Says nothing about how good an answer is (verification does); mere notices count only when three lie on one object." }
says     = { zh = "{alert_rule} 的告警应予回复：{arithmetic}。回复时间：{replied_at}。同一对象未处理的提示：{notices_open}。", en = "The card of {alert_rule} was to be answered: {arithmetic}. Answered: {replied_at}. Notices on the same object nobody has handled: {notices_open}." }
clears   = { zh = "在期限内回复、核验或排除；告警在回复前自行消除。超期回复的，记录保留。", en = "Answered, verified or dismissed in time; or the card clears by itself before an answer. Answered late, this stays." }

[touches]
correction = "select other.finding_id from facts.correction changed join facts.correction other on other.subject_kind = changed.subject_kind and other.subject_key = changed.subject_key where changed.finding_id = any(:finding_id)"
workday = "*"
region = "*"
---*/
-- E1: a yellow or red card without an answer within the days set (or until the date set when it was handed over).
-- E2: the first of three notices on one object that nobody has handled, from the third on.
select alert.finding_id as subject_key, '' as item,
    cast(null as timestamptz) as yellow_at,
    coalesce(alert.set_due_at, cast(red_day.day as timestamp) at time zone 'Asia/Shanghai') as red_at,
    case when alert.replied_at is null then alert.cleared_at end as until_at,
    alert.region_code, alert.unit_code,
    alert.rule as alert_rule, alert.subject_kind as alert_subject_kind, alert.alert_at,
    case when alert.set_due_at is null then cast(:limit as int) end as limit_days, 'working_day' as unit,
    (
        select array_agg(rtrim(cast(off_day.day as text) || ' ' || off_day.name) order by off_day.day) from facts.working_day off_day
        where off_day.calendar = start_day.calendar and not off_day.working and off_day.name is not null
            and off_day.day > start_day.day and off_day.day <= limit_day.day
    ) as days_off,
    (
        select array_agg(rtrim(cast(worked_day.day as text) || ' ' || worked_day.name) order by worked_day.day) from facts.working_day worked_day
        where worked_day.calendar = start_day.calendar and worked_day.working and worked_day.name is not null
            and worked_day.day > start_day.day and worked_day.day <= limit_day.day
    ) as days_worked,
    coalesce(cast(alert.set_due_at at time zone 'Asia/Shanghai' as date), limit_day.day) as limit_on, alert.replied_at,
    cast(null as bigint) as notices_open
from (
    select correction.*,
        greatest(correction.raised_at, least(correction.yellow_at, correction.red_at)) as alert_at,
        cast(greatest(correction.raised_at, least(correction.yellow_at, correction.red_at)) at time zone 'Asia/Shanghai' as date) as alert_on,
        case when correction.verified_at is null then correction.due_at end as set_due_at
    from facts.correction correction
    where correction.yellow_at is not null or correction.red_at is not null
) alert
left join facts.region_calendar place on place.region_code = alert.region_code
join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = alert.alert_on
join facts.working_day limit_day
    on limit_day.calendar = start_day.calendar and limit_day.working and limit_day.n = start_day.n + :limit
join facts.working_day red_day
    on red_day.calendar = start_day.calendar and red_day.working and red_day.n = start_day.n + :limit + 1
where least(coalesce(alert.replied_at, timestamptz '9999-12-31 00:00:00+00'), coalesce(alert.verified_at, timestamptz '9999-12-31 00:00:00+00'),
        coalesce(alert.dismissed_at, timestamptz '9999-12-31 00:00:00+00'))
    >= coalesce(alert.set_due_at, cast(red_day.day as timestamp) at time zone 'Asia/Shanghai')
union all
select third.finding_id, 'E2', third.third_raised_at, cast(null as timestamptz), cast(null as timestamptz),
    third.region_code, third.unit_code, third.rule, third.subject_kind, third.third_raised_at, cast(null as int), cast(null as text),
    cast(null as text[]), cast(null as text[]), cast(null as date), cast(null as timestamptz),
    third.notices_open
from (
    select alert.finding_id, alert.region_code, alert.unit_code, alert.rule, alert.subject_kind, other.raised_at as third_raised_at,
        :notices as notices,
        row_number() over (partition by alert.finding_id order by other.raised_at, other.finding_id) as place,
        first_value(other.finding_id) over (partition by alert.finding_id order by other.raised_at, other.finding_id) as first_finding_id,
        count(*) over (partition by alert.finding_id) as notices_open
    from (
        select correction.*, cast(correction.raised_at at time zone 'Asia/Shanghai' as date) as alert_on
        from facts.correction correction
        where correction.present and correction.stage = 'open' and correction.acknowledged_at is null
            and correction.yellow_at is null and correction.red_at is null
    ) alert
    join facts.correction other on other.subject_kind = alert.subject_kind and other.subject_key = alert.subject_key
        and other.present and other.stage = 'open' and other.acknowledged_at is null and other.yellow_at is null and other.red_at is null
) third
where third.place = third.notices and third.first_finding_id = third.finding_id
