/*---
code     = "F23"
version  = 1
title    = { zh = "追缴未到账", en = "Recovery overdue" }
basis    = ["社会救助暂行办法（国务院令第649号）第68条", "地方规定（深圳 3 个月）"]
subject  = "benefit"
to       = "U"
scope    = "all"
needs    = ["recovery"]
why      = { zh = "决定追回的钱一直没有到账，也没有分期计划：要么追不动，要么没人追。", en = "Money ordered back has not arrived and there is no plan of instalments: nobody can, or nobody does, collect it." }
remedy   = { zh = "督促缴回；确有困难的签订分期计划，符合条件的依法减免。", en = "Ask for it; where people cannot pay at once agree on instalments, or waive it where the law allows." }
blind_to = { zh = "没有关联待遇编号的追缴不判断；个别缴回日期没有数据，以结案日期为准。定时统计。", en = "Silent about orders that name no benefit; single payments have no date, the day of closing counts. Counted by the clock." }
says     = { zh = "{ordered_on} 决定追回 {amount_fen}，已收回 {recovered_fen}，超过 {limit_on} 仍未结清，没有分期计划。", en = "{amount_fen} ordered back on {ordered_on}, {recovered_fen} recovered, still open after {limit_on}, and no instalments agreed." }
clears   = { zh = "登记分期计划，或更正追缴记录。逾期结清的，记录保留。", en = "The plan of instalments put on record, or a wrong order corrected. Settled late, the finding stays." }

[params]
limit = 90          # calendar days
yellow_days = 180

[override_by]
region = "ordered.region_code"
programme = "ordered.programme"
on = "ordered.ordered_on"

[touches]
recovery = "*"
benefit = "*"
application = "*"
---*/
select
    open.benefit_id as subject_key, open.recovery_id as item, open.due_at as notice_at,
    case when coalesce(open.closed_at, open.late_at) >= open.late_at then open.late_at end as yellow_at,
    open.region_code, open.unit_code, open.programme, open.ordered_on, open.amount_fen, open.recovered_fen, open.limit_on, open.closed_on
from (
    select
        ordered.*, ordered.ordered_on + cast(:limit as int) as limit_on,
        cast(ordered.ordered_on + cast(:limit as int) + 1 as timestamp) at time zone 'Asia/Shanghai' as due_at,
        cast(ordered.ordered_on + cast(:yellow_days as int) + 1 as timestamp) at time zone 'Asia/Shanghai' as late_at,
        cast(ordered.closed_on as timestamp) at time zone 'Asia/Shanghai' as closed_at
    from (
        select
            recovery.recovery_id, recovery.benefit_id, recovery.ordered_on, recovery.amount_fen, recovery.recovered_fen, recovery.closed_on,
            benefit.region_code, benefit.programme,
            (select application.unit_code from facts.application application where application.application_id = benefit.application_id) as unit_code
        from facts.recovery recovery
        left join facts.benefit benefit on benefit.benefit_id = recovery.benefit_id
        where recovery.benefit_id is not null and recovery.ordered_on is not null
            and not coalesce(recovery.plan, false)
            and (recovery.closed_on is not null or coalesce(recovery.recovered_fen, 0) < recovery.amount_fen)
    ) ordered
) open
where coalesce(open.closed_at, timestamptz '9999-12-31 00:00:00+00') >= open.due_at
