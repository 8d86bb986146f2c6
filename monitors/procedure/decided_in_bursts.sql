/*---
code     = "P11"
version  = 1
title    = { zh = "集中突击审批", en = "Burst of approvals" }
basis    = ["民发〔2021〕57号 第20条（审核确认应当审查材料和调查情况）"]
subject  = "staff"
to       = "U"
scope    = "all"
needs    = ["stage"]
why      = { zh = "一小时批几十件，平均每件一两分钟，不可能逐件看过材料。", en = "Dozens of decisions in an hour leave a minute or two for each: nobody can have read them." }
remedy   = { zh = "抽查当日决定，材料没有审阅的重新审核。", en = "Check a sample of that day's decisions, and review those nobody read." }
blind_to = { zh = "集体会审后统一录入的也会计入，由人核实；没有登记经办人的不计。由系统定时比对。", en = "Decisions taken in a meeting and typed in together are counted too, which is for people to see; decisions without a person on record are not. Asked by the clock." }
says     = { zh = "{decided_on} 一小时内最多作出 {n_decisions} 件审核确认（上限 {limit_times} 件），至 {burst_at}。", en = "Up to {n_decisions} decisions within one hour on {decided_on} (limit {limit_times}), until {burst_at}." }
clears   = { zh = "更正决定时间或经办人；确有其事的，记录保留。", en = "Corrected times or people; what happened stays on record." }

[params]
limit = 30          # decisions within 60 minutes
yellow_times = 100

[override_by]
region = "counted.region_code"
on = "counted.decided_on"

[touches]
application = "*"
stage = "*"
---*/
-- The hour with the most decisions of each day. Times that are dates only say nothing of hours.
select
    hour.staff_id as subject_key, cast(hour.decided_on as text) as item, hour.at as notice_at,
    case when hour.n_decisions > hour.yellow_times then hour.at end as yellow_at,
    hour.region_code, hour.unit_code, hour.decided_on, hour.n_decisions, hour.limit_times, hour.at as burst_at
from (
    select
        counted.*, :limit as limit_times, :yellow_times as yellow_times,
        row_number() over (partition by counted.staff_id, counted.decided_on order by counted.n_decisions desc, counted.at) as most
    from (
        select
            taken.*, cast(taken.at at time zone 'Asia/Shanghai' as date) as decided_on,
            count(*) over (partition by taken.staff_id order by taken.at
                range between interval '60 minutes' preceding and current row) as n_decisions
        from (
            select
                unnest(stage.staff_ids) as staff_id, stage.at, application.region_code,
                coalesce(stage.unit_code, application.unit_code) as unit_code
            from facts.stage stage
            join facts.application application on application.application_id = stage.application_id
            where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
                and cast(stage.at at time zone 'Asia/Shanghai' as time) <> time '00:00:00'
                and coalesce(application.path, '') <> 'emergency'
        ) taken
    ) counted
) hour
where hour.most = 1 and hour.n_decisions > hour.limit_times
