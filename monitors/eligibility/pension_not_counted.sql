/*---
code     = "E09"
version  = 1
title    = { zh = "养老金等未计入收入", en = "Pension not counted" }
basis    = ["民发〔2021〕57号 第13条（中央确定的基础养老金不计入）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "income_check", "register.pension", "register.unemployment"]
why      = { zh = "领取的养老金或失业金没有计入家庭收入。", en = "A pension or unemployment benefit is not in the family's income." }
remedy   = { zh = "核对发放额，扣除不计入部分后重新核算。", en = "Compare what is paid, leave out what does not count, and compute anew." }
blind_to = { zh = "不计入部分没有登记的按零扣除；没有收入核对的不判断。定时统计。", en = "Where the part that does not count is not on record none is taken off; silent without an income check. Counted by the clock." }
says     = { zh = "{department} 每月发放 {pension_fen}（不计入 {excluded_fen}），核实人均收入 {verified_per_capita_fen}，家庭 {persons} 人，标准 {standard_fen}。", en = "{department} pays {pension_fen} a month ({excluded_fen} does not count); verified income per head {verified_per_capita_fen}, {persons} person(s), standard {standard_fen}." }
clears   = { zh = "收入重新核对，待遇终止，或更正登记。", en = "The income is checked anew, the benefit ends, or the record is corrected." }

[params]
limit = 10          # per cent
least = 50          # yuan

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "own.since_on"

[touches]
benefit = "*"
household = "*"
household_member = "*"
person = "*"
register = "*"
income_check = "*"
standard = "*"
region = "*"
---*/
select
    own.person_key as subject_key, '' as item, cast(min(own.since_on) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    cast(min(case when own.counts_fen >= own.standard_fen * own.persons then own.since_on end) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    min(own.region_code) as region_code, min(own.benefit_id) as benefit_id, min(own.programme) as programme, min(own.department) as department,
    max(own.amount_fen) as pension_fen, max(coalesce(own.excluded_fen, 0)) as excluded_fen, max(own.verified_per_capita_fen) as verified_per_capita_fen,
    max(own.persons) as persons, max(own.standard_fen) as standard_fen, max(own.as_of) as as_of
from (
    select own.*, own.amount_fen - coalesce(own.excluded_fen, 0) as counts_fen, cast(:limit as int) as limit_percent, cast(:least as int) as least_yuan
    from facts.means own
    where own.kind in ('pension', 'unemployment')
) own
where own.counts_fen - own.verified_per_capita_fen * own.persons > greatest(own.counts_fen * own.limit_percent / 100, own.least_yuan * 100)
group by own.person_key
