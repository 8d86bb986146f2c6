/*---
code     = "T24"
version  = 1
title    = { zh = "告警未签收", en = "Card not acknowledged" }
basis    = ["监察规程：预警后一个工作日内签收，红牌四小时内签收（可按地区设定）"]
subject  = "finding"
to       = "U"
params   = { limit = 1, yellow_days = 2, red_hours = 4 }
override_by = { region = "alert.region_code", on = "alert.alert_on" }
why      = { zh = "没有人看到的告警等于没有告警。", en = "A card nobody has looked at is no card." }
remedy   = { zh = "签收该告警；收不到的，检查通知设置与人员在岗情况。", en = "Acknowledge the card; if it did not arrive, look at the notifications and at who is on duty." }
blind_to = { zh = "只看黄牌和红牌；签收不等于办理（另由 T25、T26 监督）。", en = "Looks at yellow and red cards only; acknowledging is not yet acting (T25 and T26 watch that)." }
says     = { zh = "{alert_rule} 的告警应予签收：{arithmetic}；红牌另限 {red_hours} 小时。签收时间：{acknowledged_at}。", en = "The card of {alert_rule} was to be acknowledged: {arithmetic}; a red one within {red_hours} hours. Acknowledged: {acknowledged_at}." }
clears   = { zh = "该告警被签收前自行消除；已超时签收的，记录保留。", en = "The card clears by itself before anybody acknowledged it; acknowledged late, this stays." }

[touches]
correction = "finding_id"
workday = "*"
region = "*"
---*/
-- Days begin at 00:00 of the working day after the last one allowed; the hours of a red card are clock hours.
select alert.finding_id as subject_key, '' as item,
    least(cast(notice_day.day as timestamp) at time zone 'Asia/Shanghai', alert.red_alert_at + :red_hours * interval '1 hour') as notice_at,
    cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    case when alert.acknowledged_at is null then alert.cleared_at end as until_at,
    alert.region_code, alert.unit_code,
    alert.rule as alert_rule, alert.subject_kind as alert_subject_kind, alert.alert_at,
    cast(:limit as int) as limit_days, 'working_day' as unit,
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
    limit_day.day as limit_on, :red_hours as red_hours, alert.acknowledged_at
from (
    select correction.*,
        greatest(correction.raised_at, least(correction.yellow_at, correction.red_at)) as alert_at,
        case when correction.red_at is not null then greatest(correction.raised_at, correction.red_at) end as red_alert_at,
        cast(greatest(correction.raised_at, least(correction.yellow_at, correction.red_at)) at time zone 'Asia/Shanghai' as date) as alert_on
    from facts.correction correction
    where correction.yellow_at is not null or correction.red_at is not null
) alert
left join facts.region_calendar place on place.region_code = alert.region_code
join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = alert.alert_on
join facts.working_day limit_day
    on limit_day.calendar = start_day.calendar and limit_day.working and limit_day.n = start_day.n + :limit
join facts.working_day notice_day
    on notice_day.calendar = start_day.calendar and notice_day.working and notice_day.n = start_day.n + :limit + 1
join facts.working_day yellow_day
    on yellow_day.calendar = start_day.calendar and yellow_day.working and yellow_day.n = start_day.n + :yellow_days + 1
where coalesce(alert.acknowledged_at, timestamptz '9999-12-31 00:00:00+00')
        >= least(cast(notice_day.day as timestamp) at time zone 'Asia/Shanghai', alert.red_alert_at + :red_hours * interval '1 hour')
