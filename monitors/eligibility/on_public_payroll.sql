/*---
code     = "E03"
version  = 1
title    = { zh = "财政供养人员在保", en = "Payroll person in benefit" }
basis    = ["社会救助暂行办法（国务院令第649号）第9条", "民发〔2022〕83号 一(一)（不得以特殊身份直接排除）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.payroll"]
why      = { zh = "家庭成员领着财政工资，却没有算进家庭收入，或者算进去就超过标准。", en = "A member is on the public payroll, and the wage is not in the family's income, or would lift it above the standard." }
remedy   = { zh = "核实工资和共同生活情况，重新核算家庭收入；不得只因身份取消待遇。", en = "Verify the wage and who lives together and compute the income anew; nobody loses a benefit for their position alone." }
blind_to = { zh = "工资按登记月份的净额计；没有登记工资额的，只有在收入核对已知且低于工资时才判断；本身不是取消的理由。定时统计。", en = "Wages are the net amount of the month on record; it is no ground by itself to end a benefit. Counted by the clock." }
says     = { zh = "{department} 登记工资每月 {wage_fen}（家庭 {persons} 人），标准 {standard_fen}，核实人均收入 {verified_per_capita_fen}。", en = "{department} has a monthly wage of {wage_fen} on record (family of {persons}); standard {standard_fen}, verified income per head {verified_per_capita_fen}." }
clears   = { zh = "工资计入家庭收入后仍符合条件，或待遇终止，或更正登记。", en = "The wage is in the income and the family still qualifies, the benefit ends, or the record is corrected." }

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
    own.person_key as subject_key, '' as item, cast(min(own.since_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at, min(own.region_code) as region_code, min(own.benefit_id) as benefit_id,
    min(own.programme) as programme, min(own.department) as department, max(own.amount_fen) as wage_fen, max(own.persons) as persons,
    max(own.standard_fen) as standard_fen, max(own.verified_per_capita_fen) as verified_per_capita_fen, max(own.as_of) as as_of
from facts.means own
where own.kind = 'payroll' and own.amount_fen > 0
    and (own.amount_fen >= own.standard_fen * own.persons or own.verified_per_capita_fen * own.persons < own.amount_fen)
group by own.person_key
