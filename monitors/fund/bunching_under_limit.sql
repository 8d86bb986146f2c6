/*---
code     = "F18"
version  = 2
title    = { zh = "临界金额聚集", en = "Bunching under the limit" }
basis    = ["监察规程：贴近审批限额的金额过于集中应当核实"]
subject  = "staff"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "一个审批人批的临时救助大多刚好卡在限额之下：可能是把该报县里的压成了小额。", en = "Most of the aid one person approved lies just below the limit: sums that belong to the county may have been cut to fit." }
remedy   = { zh = "抽查该审批人贴近限额的案卷，看金额怎样定的。", en = "Look into the files close to the limit how the sums were set." }
blind_to = { zh = "一年不足二十笔的不判断；只是线索，不说明任何一笔有问题。定时统计。", en = "Silent below twenty lines a year; it is a hint, and says nothing about any one line. Counted by the clock." }
says     = { zh = "{approver_id} 于 {year} 年审批临时救助 {lines} 笔，其中 {near_lines} 笔在限额 {limit_fen} 的 90% 至 100% 之间，80% 至 90% 之间仅 {below_lines} 笔。", en = "Of {lines} lines {approver_id} approved in {year}, {near_lines} lie between 90 and 100 % of the limit of {limit_fen}, and {below_lines} between 80 and 90 %." }
clears   = { zh = "更正发放记录。", en = "Wrong payments are corrected." }
params   = { limit = 3000, least = 20, ratio = 3 }   # yuan; lines; times
override_by = { region = "payment.region_code", on = "cast(payment.judged_at at time zone 'Asia/Shanghai' as date)" }

[touches]
payment = "*"
---*/
-- A year is told from the line that makes it large enough to judge.
select
    year.approver_id as subject_key, year.year as item, year.enough_at as notice_at, year.region_code,
    year.approver_id, year.year, year.lines, year.near_lines, year.below_lines, year.limit_fen
from (
    select
        line.approver_id, line.year, min(line.region_code) as region_code, count(*) as lines,
        min(case when line.nth = line.least_lines then line.judged_at end) as enough_at, max(line.least_lines) as least_lines, max(line.ratio) as ratio,
        count(case when line.amount_fen > line.limit_fen * 0.9 and line.amount_fen <= line.limit_fen then 1 end) as near_lines,
        count(case when line.amount_fen > line.limit_fen * 0.8 and line.amount_fen <= line.limit_fen * 0.9 then 1 end) as below_lines,
        max(line.limit_fen) as limit_fen
    from (
        select
            payment.approver_id, payment.judged_at, payment.amount_fen, payment.region_code,
            cast(:limit * 100 as bigint) as limit_fen, cast(:least as int) as least_lines, :ratio as ratio,
            to_char(payment.judged_at at time zone 'Asia/Shanghai', 'YYYY') as year,
            row_number() over (
                partition by payment.approver_id, to_char(payment.judged_at at time zone 'Asia/Shanghai', 'YYYY')
                order by payment.judged_at, payment.payment_id) as nth
        from facts.payment payment
        where payment.programme = 'temporary_aid' and payment.approver_id is not null
            and coalesce(payment.status, 'submitted') in ('submitted', 'paid')
    ) line
    group by line.approver_id, line.year
) year
where year.lines >= year.least_lines and year.near_lines > year.ratio * greatest(year.below_lines, 1)
