/*---
code     = "F17"
version  = 1
title    = { zh = "化整为零规避审批", en = "Splitting below the township limit" }
basis    = ["中办发〔2020〕18号 第15项（小额救助乡镇审批）", "地方规定的限额（多数 3000 元）"]
subject  = "household"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "乡镇只能批小额临时救助；一个月内分成几笔，每笔都不超限，合起来就超了，县里没有看过。", en = "Townships decide small sums of temporary aid; several within a month, each below the limit and together above it, pass the county by." }
remedy   = { zh = "核对各笔的事由；应由县级审批的补办手续，同一审批人多户如此的，查明原因。", en = "Compare the causes; what the county should have decided goes there now, and where one person did so for several households find out why." }
blind_to = { zh = "限额按参数，各地可自定；分阶段救助（一次审批、分次发放）不算；没有关联申请的发放行看不出是否分阶段。定时统计。", en = "The limit is a parameter of the place; staged aid (one decision, several payments) is none; a line without an application cannot show that it is. Counted by the clock." }
says     = { zh = "{days} 天内 {lines} 笔临时救助，每笔不超过 {limit_fen}，合计 {paid_fen}；审批人 {approver_id} 同类家庭 {households} 户。", en = "{lines} lines of temporary aid within {days} days, none above {limit_fen}, {paid_fen} together; {approver_id} decided so for {households} household(s)." }
clears   = { zh = "相关发放退回或冲销，登记分阶段救助计划，或更正金额。", en = "A line is returned or reversed, the plan of staged aid put on record, or a wrong amount corrected." }

[params]
limit = 3000        # yuan
red_households = 3

[override_by]
region = "line.region_code"
on = "line.on_day"

[touches]
payment = "*"
benefit = "*"
application = "*"
---*/
-- Each line with the others of the thirty days up to it. Red when one approver did so for several households.
select
    split.household_id as subject_key, '' as item, min(split.at) as yellow_at,
    max(case when split.households >= split.red_households then greatest(split.at, split.crossed_at) end) as red_at,
    max(split.paid_fen) as amount_at_risk_fen, min(split.region_code) as region_code,
    max(split.days) as days, max(split.lines) as lines, max(split.limit_fen) as limit_fen, max(split.paid_fen) as paid_fen,
    max(split.approver_id) as approver_id, max(split.households) as households, min(split.payment_id) as first_payment_id
from (
    select
        found.*,
        max(found.nth) over (partition by found.approver_id) as households,
        min(case when found.nth = found.red_households then found.at end) over (partition by found.approver_id) as crossed_at
    from (
        select
            crossed.*, case when crossed.approver_id is not null then dense_rank() over (partition by crossed.approver_id order by crossed.household_id) end as nth
        from (
            select
                one.*, cast(sum(one.amount_fen) over within as bigint) as paid_fen, count(*) over within as lines
            from (
                select
                    line.*, cast(:limit * 100 as bigint) as limit_fen, 30 as days, cast(:red_households as int) as red_households
                from (
                    select
                        payment.payment_id, payment.household_id, payment.region_code, payment.amount_fen, payment.approver_id,
                        payment.judged_at as at, cast(payment.judged_at at time zone 'Asia/Shanghai' as date) as on_day,
                        cast(payment.judged_at at time zone 'Asia/Shanghai' as date) - date '2000-01-01' as day_number
                    from facts.payment payment
                    left join facts.benefit benefit on benefit.benefit_id = payment.benefit_id
                    left join facts.application application on application.application_id = benefit.application_id
                    where payment.programme = 'temporary_aid' and payment.household_id is not null
                        and coalesce(payment.status, 'submitted') in ('submitted', 'paid') and coalesce(application.plan_id, '') = ''
                ) line
            ) one
            where one.amount_fen <= one.limit_fen
            window within as (partition by one.household_id order by one.day_number range between 30 preceding and current row)
        ) crossed
        where crossed.lines >= 2 and crossed.paid_fen > crossed.limit_fen
    ) found
) split
group by split.household_id
