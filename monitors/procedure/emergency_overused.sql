/*---
code     = "P27"
version  = 1
title    = { zh = "滥用急难通道", en = "Emergency path overused" }
basis    = ["民发〔2018〕23号 二(二)"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["application", "stage"]
why      = { zh = "急难通道是例外；一个乡镇几乎全走急难，等于取消了核对和公示。", en = "The emergency path is the exception; a township that hardly uses another has done away with verification and publicity." }
remedy   = { zh = "抽查急难事由和补办手续，非急难的改走一般程序。", en = "Check causes and papers of a sample, and take what was no emergency on the ordinary path." }
blind_to = { zh = "只统计临时救助；灾害期间占比高属正常，由人核实。按季度定时统计，季度结束后才判断，不足二十件的不判断。", en = "Counts temporary aid only; in a disaster a high share is natural and for people to see. Counted by the clock after the end of a quarter, and silent below twenty cases." }
says     = { zh = "截至 {period_end} 的一个季度内临时救助 {n_cases} 件，急难 {urgent} 件（{percent}%，上限 {limit_percent}%），手续未补齐 {unfinished} 件。", en = "Of {n_cases} cases of temporary aid in the quarter to {period_end}, {urgent} took the emergency path ({percent} %, limit {limit_percent}); papers are missing in {unfinished}." }
clears   = { zh = "更正办理程序；补齐手续可由黄牌降为提示。", en = "A wrong path corrected; papers completed lower the card to a notice." }

[params]
limit = 80          # per cent
papers_percent = 20
cases = 20

[override_by]
region = "quarter.region_code"
on = "quarter.period_end"

[touches]
application = "*"
stage = "*"
region = "*"
---*/
-- The key names the quarter by its last month. A case counts in the quarter and the township in which it was handed in.
select
    judged.region_code || '/temporary_aid/' || to_char(judged.period_end, 'YYYY-MM') as subject_key, '' as item,
    judged.ended_at as notice_at,
    case when judged.unfinished * 100 > judged.papers_percent * judged.urgent then judged.ended_at end as yellow_at,
    judged.region_code, judged.period_end, judged.n_cases, judged.urgent, judged.unfinished,
    cast(round(100.0 * judged.urgent / judged.n_cases, 1) as double precision) as percent, judged.limit_percent
from (
    select
        quarter.*, :limit as limit_percent, :papers_percent as papers_percent, :cases as cases,
        cast(quarter.period_end + 1 as timestamp) at time zone 'Asia/Shanghai' as ended_at
    from (
        select
            handed.region_code, cast(date_trunc('quarter', handed.handed_on) + interval '3 months' as date) - 1 as period_end,
            count(*) as n_cases, sum(case when handed.path = 'emergency' then 1 else 0 end) as urgent,
            sum(case when handed.path = 'emergency' and not exists (
                select 1 from facts.stage papers
                where papers.application_id = handed.application_id and papers.stage_code = 'PAPERS_DONE') then 1 else 0 end)
                as unfinished
        from (
            select
                application.application_id, application.path, coalesce(township.region_code, application.region_code) as region_code,
                cast(coalesce(application.submitted_at, application.event_at) at time zone 'Asia/Shanghai' as date) as handed_on
            from facts.application application
            left join (
                select place.region_code as part_code, town.region_code
                from facts.region_path place
                join facts.region town on town.region_code = place.ancestor_code and town.level = 'township'
            ) township on township.part_code = application.region_code
            where application.programme = 'temporary_aid' and application.region_code is not null and application.path is not null
        ) handed
        group by handed.region_code, date_trunc('quarter', handed.handed_on)
    ) quarter
) judged
where judged.n_cases >= judged.cases and judged.urgent * 100 > judged.limit_percent * judged.n_cases
