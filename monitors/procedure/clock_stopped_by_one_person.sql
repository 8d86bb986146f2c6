/*---
code     = "P19"
version  = 1
title    = { zh = "同一人多次滥用计时暂停", en = "Clock stopped wrongly again by one person" }
basis    = ["监察规程：中止计时须有规定事由（国家规定受理后无中止计时）"]
subject  = "staff"
to       = "U"
scope    = "all"
needs    = ["stage"]
why      = { zh = "同一人一个月里两件以上违背规定中止计时，不像偶然。", en = "Two cases a month stopped against the rules by one person do not look like chance." }
remedy   = { zh = "逐件说明中止事由，恢复计时，收回随意中止的权限。", en = "Account for each stop, restart the clocks, and take back the right to stop at will." }
blind_to = { zh = "只计仍有计时暂停疑点（P19）的案件和登记了经办人的中止；由系统定时统计。", en = "Counts cases with a standing finding about their stopped clock (P19) and stops with a person on record; asked by the clock." }
says     = { zh = "截至 {period_end} 的当月有 {n_cases} 件案件的中止计时存疑，最近一次 {paused_at}。", en = "In the month to {period_end}, {n_cases} cases of this person have a doubtful stop of the clock, the last at {paused_at}." }
clears   = { zh = "各案的计时暂停疑点解除，或更正经办人。", en = "The findings about the cases are cleared, or a wrong record of the handler is corrected." }

[params]
limit = 2           # cases a month

[override_by]
region = "month.region_code"
on = "month.period_end"

[touches]
application = "*"
stage = "*"
correction = "*"
---*/
select
    judged.staff_id as subject_key, to_char(judged.period_end, 'YYYY-MM') as item, judged.paused_at as red_at,
    judged.region_code, judged.unit_code, judged.period_end, judged.n_cases, judged.paused_at
from (
    select month.*, :limit as limit_times
    from (
        select
            stopped.staff_id, stopped.period_end, min(stopped.region_code) as region_code, min(stopped.unit_code) as unit_code,
            count(distinct stopped.application_id) as n_cases, max(stopped.at) as paused_at
        from (
            select
                unnest(stage.staff_ids) as staff_id, stage.application_id, stage.at, application.region_code,
                coalesce(stage.unit_code, application.unit_code) as unit_code,
                cast(date_trunc('month', stage.at at time zone 'Asia/Shanghai') + interval '1 month' as date) - 1 as period_end
            from facts.stage stage
            join facts.application application on application.application_id = stage.application_id
            where stage.stage_code = 'PAUSE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
                and exists (
                    select 1 from facts.correction found
                    where found.subject_kind = 'application' and found.subject_key = stage.application_id
                        and found.rule = 'P19' and found.present)
        ) stopped
        group by stopped.staff_id, stopped.period_end
    ) month
) judged
where judged.n_cases >= judged.limit_times
