/*---
code     = "F11"
version  = 1
title    = { zh = "批次与名册不符", en = "Batch differs from its list" }
basis    = ["社会救助暂行办法（国务院令第649号）第5条"]
subject  = "payment_batch"
to       = "U"
scope    = "all"
needs    = ["payment_batch", "payment"]
why      = { zh = "批准的总额、人数应当等于逐笔之和：多出来的钱或人没有人批准过，少了的是有人没有领到。", en = "What was approved must be the sum of its lines: money or people on top were approved by nobody, what is missing somebody did not get." }
remedy   = { zh = "由制单单位与财政、代发银行逐笔核对名册和回单；确有错漏的更正并补发或追回。", en = "The unit that made the list compares it line by line with finance and the bank, mends it, and pays or recovers what differs." }
blind_to = { zh = "名册摘要由业务系统按明文计算，本系统只存化名，不能重算，只比总额和笔数；一笔明细都没有报送的批次不判断。定时统计。", en = "The hash of the list is made of clear values, which are not kept here, so totals and numbers of lines are compared; a run of which no line was sent is not judged. Counted by the clock." }
says     = { zh = "批次 {batch_id}（{pay_period}）登记 {listed_lines} 笔 {listed_fen}，逐笔合计 {found_lines} 笔 {found_fen}，相差 {difference_fen}。", en = "Run {batch_id} ({pay_period}) was approved with {listed_lines} lines and {listed_fen}; its lines are {found_lines} and {found_fen}: {difference_fen} apart." }
clears   = { zh = "总额、笔数与逐笔之和一致。", en = "Total and number of lines agree with the lines." }

[touches]
payment_batch = "*"
payment = "*"
---*/
-- Judged once the run is closed; lines count whatever became of them (contract §6).
select
    batch.batch_id as subject_key, '' as item, batch.closed_at as red_at,
    case when line.found_fen > batch.total_fen then line.found_fen - batch.total_fen end as amount_at_risk_fen,
    batch.region_code, batch.unit_code, batch.programme, batch.period as pay_period, batch.batch_id,
    batch.lines as listed_lines, line.found_lines, batch.total_fen as listed_fen, line.found_fen,
    line.found_fen - batch.total_fen as difference_fen, batch.approved_at, batch.closed_at
from facts.payment_batch batch
join (
    select payment.batch_id, count(*) as found_lines, cast(sum(payment.amount_fen) as bigint) as found_fen
    from facts.payment payment
    where payment.batch_id is not null
    group by payment.batch_id
) line on line.batch_id = batch.batch_id
where batch.closed_at is not null and (line.found_fen <> batch.total_fen or line.found_lines <> batch.lines)
