/*---
code     = "T15"
version  = 1
title    = { zh = "定期核查逾期", en = "Periodic re-check overdue" }
basis    = ["民发〔2021〕57号 第31条", "关于改革完善社会救助制度的意见（中办发〔2020〕18号）第7项"]
subject  = "benefit"
to       = "U"
params   = { months_a = 12, months_b = 6, months_c = 3, months_tekun = 12, notice_days = 30, red_days = 60 }
override_by = { region = "benefit.region_code", programme = "benefit.programme", on = "benefit.last_on" }
why      = { zh = "不按期核查，该停的停不了，该增的增不上。", en = "Without a re-check in time, what should stop goes on and what should rise does not." }
remedy   = { zh = "尽快核查家庭情况，按结果增发、减发或停发；确有重大突发事件的，由当地延长核查周期。", en = "Re-check the household now and adjust by what is found; where an emergency allows it, the place sets a longer cycle." }
blind_to = { zh = "核查的质量；未登记核查日期和起始月份的待遇。", en = "How well it was checked; benefits that give neither the day of the last check nor their first month." }
says     = { zh = "{programme} 待遇应予核查：{arithmetic}。", en = "{programme}: the next check was due: {arithmetic}." }
clears   = { zh = "登记新的核查日期，或待遇终止。", en = "A newer check is recorded, or the benefit ends." }

[touches]
benefit = "benefit_id"
---*/
-- Classes A, B, C of minimum living allowance have cycles of their own; where no class is given, the longest is taken.
select benefit.benefit_id as subject_key, '' as item,
    cast(benefit.due_on - benefit.notice_days as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    cast(benefit.due_on + 1 as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    cast(benefit.due_on + benefit.red_days + 1 as timestamp) at time zone 'Asia/Shanghai' as red_at,
    benefit.region_code, cast(null as text) as unit_code, benefit.household_id, benefit.programme, benefit.review_class,
    benefit.last_on, benefit.cycle_months, benefit.due_on
from (
    select benefit.*, cast(benefit.last_on + benefit.cycle_months * interval '1 month' as date) as due_on
    from (
        select benefit.*, cast(case when benefit.programme = 'tekun' then :months_tekun when benefit.review_class = 'B' then :months_b
                when benefit.review_class = 'C' then :months_c else :months_a end as int) as cycle_months,
            cast(:notice_days as int) as notice_days, cast(:red_days as int) as red_days
        from (
            select running.*, coalesce(running.last_review_on, case when running.last_review_on_known
                    then cast(running.start_period || '-01' as date) end) as last_on
            from facts.benefit running
            where running.programme in ('dibao', 'tekun') and running.end_period is null and running.end_period_known
        ) benefit
    ) benefit
) benefit
where benefit.last_on is not null
