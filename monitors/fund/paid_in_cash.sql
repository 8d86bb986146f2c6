/*---
code     = "F24"
version  = 2
title    = { zh = "现金发放异常", en = "Cash outside the rules" }
basis    = ["民发〔2021〕57号 第25条（社会化发放）"]
subject  = "benefit"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "救助金应当由银行发到账户；现金发放没有回单，容易被截留。", en = "Aid is to be paid by the bank into an account; cash leaves no receipt and is easily kept back." }
remedy   = { zh = "改为账户发放，补齐领取签字或影像，并向本人核实。", en = "Pay into an account from now on, put the receipts on record, and ask the person whether the money arrived." }
blind_to = { zh = "没有签收单、影像数据，签收人是不是工作人员看不出来；临时救助只有登记为急难型的可以用现金，没有登记办理程序的不判断。定时统计。", en = "There are no receipts or pictures, so who signed is not seen; temporary aid may be paid in cash where its case is one of emergency, and is not judged where the path of its case is not known. Counted by the clock." }
says     = { zh = "{programme} 待遇有 {lines} 笔现金发放（{first_period} 至 {last_period}），共 {paid_fen}。", en = "{lines} line(s) of a {programme} benefit were paid in cash ({first_period} to {last_period}), {paid_fen} in all." }
clears   = { zh = "更正发放渠道，或相关发放退回、冲销后改由银行发放。", en = "A wrong channel is corrected, or the line returned or reversed and paid by the bank." }

[touches]
payment = "*"
benefit = "*"
application = "*"
---*/
select
    line.benefit_id as subject_key, '' as item, min(line.judged_at) as yellow_at,
    cast(sum(line.amount_fen) as bigint) as amount_at_risk_fen, min(line.region_code) as region_code,
    min(application.unit_code) as unit_code, min(line.programme) as programme, count(*) as lines,
    min(line.period) as first_period, max(line.period) as last_period, cast(sum(line.amount_fen) as bigint) as paid_fen
from facts.payment line
left join facts.benefit benefit on benefit.benefit_id = line.benefit_id
left join facts.application application on application.application_id = benefit.application_id
where line.channel = 'cash' and line.benefit_id is not null and coalesce(line.programme, benefit.programme) > ''
    -- cash is for emergencies: of temporary aid the case has to say that it is none
    and case when coalesce(line.programme, benefit.programme) = 'temporary_aid'
        then application.programme = 'temporary_aid' and application.path <> 'emergency'
        else coalesce(application.path, '') <> 'emergency' end
    and coalesce(line.status, 'submitted') in ('submitted', 'paid')
group by line.benefit_id
