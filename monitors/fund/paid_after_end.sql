/*---
code     = "F02"
version  = 1
title    = { zh = "终止后仍发放", en = "Paid after termination" }
basis    = ["民发〔2021〕57号 第32条", "民发〔2021〕43号 第26条"]
subject  = "benefit"
to       = "U"
params   = { gradual_exit_months = 6 }
override_by = { region = "b.region_code", programme = "b.programme", on = "cast(p.period || '-01' as date)" }
needs    = ["benefit", "payment"]
why      = { zh = "保障资格已经终止，资金仍按月拨付：多数是停发名单没有传到发放环节，也可能有人继续领取。", en = "The benefit had ended and money still went out each month: mostly the list of those stopped did not reach the payers, sometimes somebody goes on collecting." }
remedy   = { zh = "核对终止决定与发放名册，停止后续发放，依法追回已发资金；终止登记有误的，由原单位更正并说明。", en = "Compare the decision with the payment list, leave the benefit off the next list, recover what was paid; if the end was recorded by mistake, the unit corrects it and says why." }
blind_to = { zh = "终止决定没有登记、登记日期晚于实际终止，或者补录的终止：每笔发放按其提交时已登记的内容判断。补发、调整和一次性发放不判断。", en = "An end that was never recorded or was recorded late: each line is judged by what was on record when it was submitted. Arrears, adjustments and one-off payments are not judged." }
says     = { zh = "待遇 {benefit_id} 已于 {end_period} 终止，之后仍发放 {months} 个月（{first_period} 至 {last_period}），共 {paid_after_end_fen}。", en = "Benefit {benefit_id} ended with {end_period}; {months} later month(s) were still paid ({first_period} to {last_period}), {paid_after_end_fen} in all." }
clears   = { zh = "终止月份之后的正常发放全部退回或冲销。", en = "Every regular line after the last month is returned or reversed." }
[touches]
payment = "benefit_id"
benefit = "benefit_id"
application = "select benefit_id from facts.benefit_version where application_id = any(:application_id)"
---*/
select l.benefit_id as subject_key, '' as item,
    max(case when l.n = 1 then l.at end) as yellow_at,
    max(case when l.n = 2 then l.at end) as red_at,
    sum(l.amount_fen) as amount_at_risk_fen, max(l.region_code) as region_code,
    (select a.unit_code from facts.application a where a.application_id = max(l.application_id)) as unit_code,
    l.benefit_id, max(l.programme) as programme, max(l.end_period) as end_period, max(l.stop_reason) as stop_reason,
    count(*) as months, min(l.period) as first_period, max(l.period) as last_period,
    sum(l.amount_fen) as paid_after_end_fen, min(l.payment_id) as first_payment_id, max(l.payment_id) as last_payment_id
from (
    select m.*, row_number() over (partition by m.benefit_id order by m.at, m.period) as n
    from (
        select b.benefit_id, p.period, min(coalesce(p.paid_at, p.judged_at)) as at, sum(p.amount_fen) as amount_fen,
            max(b.programme) as programme, max(b.end_period) as end_period, max(b.stop_reason) as stop_reason,
            max(b.region_code) as region_code, max(b.application_id) as application_id,
            min(p.payment_id) as payment_id
        from facts.benefit_version b
        join facts.payment p on p.benefit_id = b.benefit_id and p.period > b.end_period
            and p.judged_at >= b.from_at and (b.to_at is null or p.judged_at < b.to_at)
        where b.end_period is not null and p.kind = 'regular' and p.status = 'paid'
            -- months of a gradual exit that follows the end are lawful: where income rose, not where property was found (57号 第33条, 83号 一(三))
            and not coalesce(b.gradual_exit_from > b.end_period and p.period >= b.gradual_exit_from
                and p.period < to_char(cast(b.gradual_exit_from || '-01' as date) + :gradual_exit_months * interval '1 month', 'YYYY-MM')
                and coalesce(b.stop_reason, 'income') <> 'property', false)
        group by b.benefit_id, p.period
    ) m
) l
group by l.benefit_id
