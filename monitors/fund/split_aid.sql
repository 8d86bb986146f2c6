/*---
code     = "F17"
version  = 2
title    = { zh = "化整为零规避审批", en = "Splitting below the township limit" }
basis    = ["中办发〔2020〕18号 第15项（小额救助乡镇审批）", "地方规定的限额（多数 3000 元）"]
subject  = "household"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "乡镇只能批小额临时救助；几十天内分成几笔，每笔都不超限，合起来就超了，县里没有看过。", en = "Townships decide small sums of temporary aid; several within weeks, each below the limit and together above it, pass the county by." }
remedy   = { zh = "核对各笔的事由；应由县级审批的补办手续，同一审批人多户如此的，查明原因。", en = "Compare the causes; what the county should have decided goes there now, and where one person did so for several households find out why." }
blind_to = { zh = "限额按参数，各地可自定；分阶段救助（一次审批、分次发放）不算；没有关联申请的发放行看不出是否分阶段。定时统计。", en = "The limit is a parameter of the place; staged aid (one decision, several payments) is none; a line without an application cannot show that it is. Counted by the clock." }
says     = { zh = "{days} 天内 {lines} 笔临时救助，每笔不超过 {limit_fen}，合计 {paid_fen}；审批人 {approver_id} 同类家庭 {households} 户。", en = "{lines} lines of temporary aid within {days} days, none above {limit_fen}, {paid_fen} together; {approver_id} decided so for {households} household(s)." }
clears   = { zh = "相关发放退回或冲销，登记分阶段救助计划，或更正金额。", en = "A line is returned or reversed, the plan of staged aid put on record, or a wrong amount corrected." }

[params]
limit = 3000        # yuan
days = 30           # calendar days
red_households = 3

[override_by]
region = "line.region_code"
on = "line.on_day"

[touches]
payment = "*"
benefit = "*"
application = "*"
---*/
-- Each line with the others of the days up to it. Red when one approver did so for several households, from the last of so many on.
select
    split.household_id as subject_key, '' as item, min(split.at) as yellow_at,
    min(case when split.households >= split.red_households then greatest(split.at, split.crossed_at) end) as red_at,
    max(split.paid_fen) as amount_at_risk_fen, min(split.region_code) as region_code,
    max(split.days) as days, max(split.lines) as lines, max(split.limit_fen) as limit_fen, max(split.paid_fen) as paid_fen,
    max(split.approver_id) as approver_id, max(split.households) as households, min(split.payment_id) as first_payment_id
from (
    select
        found.*,
        max(found.nth) over (partition by found.approver_id) as households,
        min(case when found.nth = found.red_households then found.first_at end) over (partition by found.approver_id) as crossed_at
    from (
        select
            begun.*, case when begun.approver_id is not null then dense_rank() over (
                partition by begun.approver_id order by begun.first_at, begun.household_id) end as nth
        from (
            select crossed.*, min(crossed.at) over (partition by crossed.approver_id, crossed.household_id) as first_at
            from (
                select
                    one.payment_id, one.household_id, one.region_code, one.approver_id, one.at, one.days, one.limit_fen, one.red_households,
                    cast(sum(near.amount_fen) as bigint) as paid_fen, count(*) as lines
                from (
                    select line.*, cast(:limit * 100 as bigint) as limit_fen, cast(:days as int) as days, cast(:red_households as int) as red_households
                    from facts.aid_line line
                ) one
                join facts.aid_line near on near.household_id = one.household_id and near.on_day >= one.on_day - one.days and near.on_day <= one.on_day
                where one.amount_fen <= one.limit_fen and near.amount_fen <= one.limit_fen
                group by one.payment_id, one.household_id, one.region_code, one.approver_id, one.at, one.days, one.limit_fen, one.red_households
            ) crossed
            where crossed.lines >= 2 and crossed.paid_fen > crossed.limit_fen
        ) begun
    ) found
) split
group by split.household_id
