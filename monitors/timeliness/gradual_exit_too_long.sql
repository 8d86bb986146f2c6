/*---
code     = "T17"
version  = 1
title    = { zh = "渐退期超期", en = "Gradual-exit period exceeded" }
basis    = ["民发〔2022〕83号 一(三)（原则上不超过6个月）"]
subject  = "benefit"
to       = "U"
params   = { months = 6, red_months = 9 }
override_by = { region = "benefit.region_code", programme = "benefit.programme", on = "cast(benefit.gradual_exit_from || '-01' as date)" }
needs    = ["benefit", "payment"]
why      = { zh = "渐退期是给就业增收家庭的缓冲，不是长期待遇；过期仍发，占用的是更困难的人的资金。", en = "The gradual exit eases families into work; it is no lasting benefit, and what is paid on is missing for those worse off." }
remedy   = { zh = "重新核查家庭收入：仍符合条件的恢复正常待遇，不符合的办理终止并说明理由。", en = "Re-check the household: back to the ordinary benefit where it qualifies, ended with reasons where it does not." }
blind_to = { zh = "渐退的原因（只有就业增收可以渐退）；没有登记渐退起始月份的。", en = "Why the exit is gradual (only earnings from work allow it); benefits whose first month of exit is not on record." }
says     = { zh = "自 {gradual_exit_from} 起渐退，最长 {limit_months} 个月；其后仍发放 {periods} 个月（{first_period} 至 {last_period}），共 {paid_fen}。", en = "In gradual exit since {gradual_exit_from}, for {limit_months} months at most; {periods} later month(s) were still paid, {first_period} to {last_period}, {paid_fen} in all." }
clears   = { zh = "恢复正常待遇（取消渐退）或更正渐退起始月份；超期发放全部退回或冲销。", en = "The exit is taken back or its first month corrected, or every line paid after it is returned or reversed." }

[touches]
benefit = "benefit_id"
payment = "select benefit.benefit_id from facts.benefit benefit where benefit.benefit_id = any(:benefit_id) and benefit.gradual_exit_from is not null"
application = "select benefit.benefit_id from facts.benefit benefit where benefit.application_id = any(:application_id) and benefit.gradual_exit_from is not null"
---*/
-- The first month of the exit counts: six of them end with the fifth month after it (as in F02).
select
    benefit.benefit_id as subject_key, '' as item,
    min(coalesce(payment.paid_at, payment.judged_at)) as yellow_at,
    min(case when payment.period >= benefit.red_period then coalesce(payment.paid_at, payment.judged_at) end) as red_at,
    sum(payment.amount_fen) as amount_at_risk_fen, benefit.region_code,
    (select application.unit_code from facts.application application where application.application_id = benefit.application_id)
        as unit_code,
    benefit.household_id, benefit.programme, benefit.gradual_exit_from, benefit.limit_months,
    count(distinct payment.period) as periods, min(payment.period) as first_period, max(payment.period) as last_period,
    sum(payment.amount_fen) as paid_fen
from (
    select
        benefit.benefit_id, benefit.application_id, benefit.household_id, benefit.programme, benefit.region_code,
        benefit.gradual_exit_from, :months as limit_months,
        to_char(cast(benefit.gradual_exit_from || '-01' as date) + cast(:months as int) * interval '1 month', 'YYYY-MM') as over_period,
        to_char(cast(benefit.gradual_exit_from || '-01' as date) + cast(:red_months as int) * interval '1 month', 'YYYY-MM') as red_period
    from facts.benefit benefit
    where benefit.gradual_exit_from is not null
) benefit
join facts.payment payment on payment.benefit_id = benefit.benefit_id and payment.period >= benefit.over_period
where payment.kind = 'regular' and payment.status = 'paid'
group by benefit.benefit_id, benefit.application_id, benefit.household_id, benefit.programme, benefit.region_code,
    benefit.gradual_exit_from, benefit.limit_months
