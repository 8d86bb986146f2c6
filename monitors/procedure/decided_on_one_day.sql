/*---
code     = "P11"
version  = 1
title    = { zh = "一天批完当月", en = "A month decided in a day" }
basis    = ["民发〔2021〕57号 第20条（审核确认应当审查材料和调查情况）"]
subject  = "unit"
to       = "U"
scope    = "all"
needs    = ["stage"]
why      = { zh = "一个月的申请攒到一天批完，前面的人白等，当天的人没人细看。", en = "A month's cases saved up for one day: the first waited for nothing, and nobody looked closely at any." }
remedy   = { zh = "抽查当日决定，改为随到随办。", en = "Check a sample of that day's decisions, and decide cases as they come." }
blind_to = { zh = "集体会审日集中作出决定的也会计入，由人核实；没有登记单位的不计。按月定时统计，月份结束后才判断，不足二十件的不判断。", en = "A day on which a committee meets is counted too, which is for people to see; decisions without a unit are not. Counted by the clock after the end of a month, and silent below twenty decisions." }
says     = { zh = "{decided_on} 一天作出 {n_decisions} 件审核确认，占当月 {decided} 件的 {percent}%（上限 {limit_percent}%）。", en = "{n_decisions} of the month's {decided} decisions fell on {decided_on} ({percent} %, limit {limit_percent})." }
clears   = { zh = "更正决定时间或单位；确有其事的，记录保留。", en = "Corrected times or units; what happened stays on record." }

[params]
limit = 40          # per cent
cases = 20

[override_by]
region = "day.region_code"
on = "day.decided_on"

[touches]
application = "*"
stage = "*"
---*/
select
    busy.unit_code as subject_key, to_char(busy.decided_on, 'YYYY-MM') as item, busy.ended_at as notice_at,
    busy.region_code, busy.unit_code, busy.decided_on, busy.n_decisions, busy.decided,
    cast(round(100.0 * busy.n_decisions / busy.decided, 1) as double precision) as percent, busy.limit_percent
from (
    select
        day.*, :limit as limit_percent, :cases as cases,
        cast(date_trunc('month', day.decided_on) + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' as ended_at,
        row_number() over (
            partition by day.unit_code, date_trunc('month', day.decided_on) order by day.n_decisions desc, day.decided_on) as most
    from (
        select
            taken.unit_code, taken.decided_on, min(taken.region_code) as region_code, count(*) as n_decisions,
            sum(count(*)) over (partition by taken.unit_code, date_trunc('month', taken.decided_on)) as decided
        from (
            select
                coalesce(stage.unit_code, application.unit_code) as unit_code, application.region_code,
                cast(stage.at at time zone 'Asia/Shanghai' as date) as decided_on
            from facts.stage stage
            join facts.application application on application.application_id = stage.application_id
            where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
                and coalesce(application.path, '') <> 'emergency'
        ) taken
        where taken.unit_code is not null
        group by taken.unit_code, taken.decided_on
    ) day
) busy
where busy.most = 1 and busy.decided >= busy.cases and busy.n_decisions * 100 > busy.limit_percent * busy.decided
