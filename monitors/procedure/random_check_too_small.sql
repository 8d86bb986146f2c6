/*---
code     = "P13"
version  = 1
title    = { zh = "特困随机抽查不足", en = "Random check below 30 %" }
basis    = ["民发〔2021〕43号 第16条"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["application", "stage"]
why      = { zh = "县级随机抽查是发现错保漏保的最后一道关；抽得太少，这道关就不存在。", en = "The county's random check is the last chance to see a mistake; drawn too small, it is none." }
remedy   = { zh = "补做随机抽查，并把抽查比例列入下季度计划。", en = "Draw and visit the missing cases, and plan the share for the next quarter." }
blind_to = { zh = "县级入户是否随机抽取看不出来；按季度定时统计，季度结束后才判断，不足十件的不判断。", en = "Cannot tell whether the visits were drawn at random; counted by the clock after the end of a quarter, and silent below ten cases." }
says     = { zh = "截至 {period_end} 的一个季度内确认 {decided} 件特困申请，县级入户 {visited} 件（{percent}%，应不低于 {limit_percent}%）。", en = "Of {decided} cases decided in the quarter to {period_end}, the county visited {visited} ({percent} %, at least {limit_percent} %)." }
clears   = { zh = "补录确认之前真实的县级入户，或更正申请地区。", en = "True county visits before the decisions put on record, or a wrong region corrected." }

[params]
limit = 30          # per cent
red_percent = 15
cases = 10

[override_by]
region = "quarter.region_code"
on = "quarter.period_end"

[touches]
application = "*"
stage = "*"
region = "*"
---*/
-- The key names the quarter by its last month. A case counts in the quarter of its last decision.
select
    judged.region_code || '/tekun/' || to_char(judged.period_end, 'YYYY-MM') as subject_key, '' as item,
    judged.ended_at as yellow_at, case when judged.visited * 100 < judged.red_percent * judged.decided then judged.ended_at end as red_at,
    judged.region_code, judged.period_end, judged.decided, judged.visited,
    cast(round(100.0 * judged.visited / judged.decided, 1) as double precision) as percent, judged.limit_percent
from (
    select
        quarter.*, :limit as limit_percent, :red_percent as red_percent, :cases as cases,
        cast(quarter.period_end + 1 as timestamp) at time zone 'Asia/Shanghai' as ended_at
    from (
        select
            county.region_code,
            cast(date_trunc('quarter', decision.decided_on) + interval '3 months' as date) - 1 as period_end,
            count(*) as decided,
            sum(case when exists (
                select 1 from facts.stage visit
                where visit.application_id = decision.application_id and visit.stage_code = 'COUNTY_VISIT'
                    and visit.at <= decision.decided_at) then 1 else 0 end) as visited
        from (
            select
                stage.application_id, max(stage.at) as decided_at,
                cast(max(stage.at) at time zone 'Asia/Shanghai' as date) as decided_on
            from facts.stage stage
            where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
            group by stage.application_id
        ) decision
        join facts.application application on application.application_id = decision.application_id
        join facts.region_path place on place.region_code = application.region_code
        join facts.region county on county.region_code = place.ancestor_code and county.level = 'county'
        where application.programme = 'tekun'
        group by county.region_code, date_trunc('quarter', decision.decided_on)
    ) quarter
) judged
where judged.decided >= judged.cases and judged.visited * 100 < judged.limit_percent * judged.decided
