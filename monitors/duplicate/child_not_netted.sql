/*---
code     = "D11"
version  = 2
title    = { zh = "儿童补贴未按补差计发", en = "Child benefit not netted" }
basis    = ["关于进一步加强事实无人抚养儿童保障工作的意见 三(一)（补差发放）"]
subject  = "person"
to       = "U"
scope    = "all"
needs    = ["benefit", "standard"]
why      = { zh = "已享受低保、特困或困难残疾补的儿童，儿童生活费只补差额；按全额发放就多发了一份。", en = "A child who already has dibao, support for extreme poverty or the disability subsidy gets the difference only; at the full rate one part is paid twice." }
remedy   = { zh = "核对各项待遇，改按差额计发；多发的从以后月份冲抵，不向儿童追缴现金。", en = "Compare the benefits and pay the difference from now on; offset what was too much in later months rather than asking a child for cash." }
blind_to = { zh = "当地儿童保障标准没有登记的不判断；差一元以内视为全额；最近登记的金额与登记后一个月内的标准比较，标准提高到金额以上后不再判断。定时统计。", en = "Silent where the local rate is unknown; within a yuan of the rate counts as full. The amount told last is compared with the rate up to a month after it was told; once the rate rises above it, silent. Counted by the clock." }
says     = { zh = "{programme} 按全额 {amount_fen} 发放（标准 {standard_fen}），同时享受 {other_programme}（{other_fen}），自 {first_period} 起。", en = "{programme} is paid at the full {amount_fen} (rate {standard_fen}) beside {other_programme} ({other_fen}) from {first_period} on." }
clears   = { zh = "改按差额计发，或其中一项终止。", en = "Paid as the difference, or one of them ends." }

[touches]
benefit = "*"
household_member = "*"
person = "*"
standard = "*"
region = "*"
---*/
-- The amount stands against the rate of its own time (facts.full_child_benefit): a rate that rises above it ends the finding.
select
    netted.person_key as subject_key, netted.child_id as item, min(netted.from_at) as yellow_at,
    min(cast(judged.until_on as timestamp) at time zone 'Asia/Shanghai') as until_at, max(netted.other_fen) as amount_at_risk_fen,
    min(netted.region_code) as region_code, min(netted.child_programme) as programme, max(netted.amount_fen) as amount_fen,
    max(judged.full_fen) as standard_fen, min(netted.other_programme) as other_programme, max(netted.other_fen) as other_fen,
    min(netted.from_period) as first_period
from (
    select
        pair.person_key, pair.from_period, cast(cast(pair.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as from_at,
        case when pair.programme_a in ('orphan', 'unsupported_child') then pair.benefit_a else pair.benefit_b end as child_id,
        case when pair.programme_a in ('orphan', 'unsupported_child') then pair.programme_a else pair.programme_b end as child_programme,
        case when pair.programme_a in ('orphan', 'unsupported_child') then pair.amount_a_fen else pair.amount_b_fen end as amount_fen,
        case when pair.programme_a in ('orphan', 'unsupported_child') then pair.region_code else pair.region_b end as region_code,
        case when pair.programme_a in ('orphan', 'unsupported_child') then pair.programme_b else pair.programme_a end as other_programme,
        case when pair.programme_a in ('orphan', 'unsupported_child') then pair.amount_b_fen else pair.amount_a_fen end as other_fen
    from facts.received_pair pair
    where pair.from_period <= pair.to_period and (
        pair.programme_a in ('orphan', 'unsupported_child') and pair.programme_b in ('dibao', 'tekun', 'disability_living')
        or pair.programme_b in ('orphan', 'unsupported_child') and pair.programme_a in ('dibao', 'tekun', 'disability_living'))
) netted
join facts.full_child_benefit judged on judged.benefit_id = netted.child_id
    and coalesce(judged.until_on, date '9999-12-31') > cast(netted.from_period || '-01' as date)
group by netted.person_key, netted.child_id
