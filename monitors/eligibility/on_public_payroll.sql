/*---
code     = "E03"
version  = 2
title    = { zh = "财政供养人员在保", en = "Payroll person in benefit" }
basis    = ["社会救助暂行办法（国务院令第649号）第9条", "民发〔2022〕83号 一(一)（不得以特殊身份直接排除）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.payroll"]
why      = { zh = "家庭成员领着财政工资，却没有算进家庭收入，或者算进去就超过标准。", en = "A member is on the public payroll, and the wage is not in the family's income, or would lift it above the standard." }
remedy   = { zh = "核实工资和共同生活情况，重新核算家庭收入；不得只因身份取消待遇。", en = "Verify the wage and who lives together and compute the income anew; nobody loses a benefit for their position alone." }
blind_to = { zh = "工资按登记月份的净额计，与当月的标准和当时有效及其后的收入核对比较；没有登记工资额的、只知道待遇结束以后工资的不判断；刚性支出家庭的收入线由各地设定后（与 E10 同设）才按其判断；渐退期内不判断。本身不是取消的理由。定时统计。", en = "Wages are the net amount of the month on record, compared with the standard of that month and the income checks in force then or made later; silent where no wage is on record, or only one after the benefit, and during a gradual exit. A family with rigid expenses is held to a line once the place sets it (here as for E10). It is no ground by itself to end a benefit. Counted by the clock." }
says     = { zh = "{department} 登记工资每月 {wage_fen}（家庭 {persons} 人），标准 {standard_fen} 的 {percent_limit}%，核实人均收入 {verified_per_capita_fen}。", en = "{department} has a monthly wage of {wage_fen} on record (family of {persons}); {percent_limit} % of the standard of {standard_fen}, verified income per head {verified_per_capita_fen}." }
clears   = { zh = "工资计入家庭收入后仍符合条件，进入渐退，待遇终止，或更正登记。", en = "The wage is in the income and the family still qualifies, a gradual exit is put on record, the benefit ends, or the record is corrected." }

[params]
dibao_percent = 100
margin_percent = 150
rigid_percent = 0   # of the dibao standard; 0: the place has set no line
gradual_exit_months = 6

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "own.judged_on"

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
-- A gradual exit is lawful once it is on record: what is told begins after it, where the benefit still goes on. One that came when the post
-- had ended spares nothing. Income a head is rounded to the fen, so a fen a head is no difference.
select
    own.person_key as subject_key, '' as item, cast(min(own.told_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at, min(own.region_code) as region_code, min(own.benefit_id) as benefit_id,
    min(own.programme) as programme, min(own.department) as department, max(own.amount_fen) as wage_fen, max(own.persons) as persons,
    max(own.standard_fen) as standard_fen, nullif(max(own.percent_limit), 0) as percent_limit, max(own.verified_per_capita_fen) as verified_per_capita_fen, max(own.as_of) as as_of
from (
    select own.*, greatest(own.since_on, case when own.gradual_exit_from <= coalesce(to_char(own.to_date, 'YYYY-MM'), '9999-12') then own.exit_to end) as told_on
    from (
        select own.*, cast(cast(own.gradual_exit_from || '-01' as date) + cast(:gradual_exit_months as int) * interval '1 month' as date) as exit_to,
            case own.programme when 'dibao' then cast(:dibao_percent as int) when 'dibao_margin' then cast(:margin_percent as int)
            else cast(:rigid_percent as int) end as percent_limit
        from facts.means own
        where own.kind = 'payroll' and own.amount_fen > 0 and to_char(own.judged_on, 'YYYY-MM') <= own.to_period
    ) own
) own
where to_char(own.told_on, 'YYYY-MM') <= own.last_period
    and (own.percent_limit > 0 and own.amount_fen * 100 >= own.standard_fen * own.percent_limit * own.persons
        or (own.verified_per_capita_fen + 1) * own.persons <= own.amount_fen)
group by own.person_key
