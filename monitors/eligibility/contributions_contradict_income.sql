/*---
code     = "E08"
version  = 2
title    = { zh = "缴费基数与申报收入矛盾", en = "Contribution base contradicts declared income" }
basis    = ["民发〔2021〕57号 第13条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "income_check", "register.housing_fund", "register.social_insurance"]
why      = { zh = "公积金、社保按月缴费的基数高于收入线，家庭收入里却没有这份工资。", en = "Monthly contributions stand for a wage above the limit, and the family's income does not know it." }
remedy   = { zh = "核实就业和工资，重新核算收入；断缴、代缴的说明情况。", en = "Verify work and wage and compute the income anew; say where contributions stopped or were made for somebody else." }
blind_to = { zh = "只用逐月数据，不用年度数除以十二；判断时点前六个月内至少三个月，每月按当月的标准和当时有效及其后的收入核对判断；没有收入核对的、待遇开始以前的、渐退期结束以前的月份不算；刚性支出家庭由各地设定收入线后（与 E10 同设）才判断。定时统计。", en = "Uses monthly values, never a year over twelve; three of the six months before it is judged, each by the standard of that month and the income checks in force then or made later; months without a check in force, before the benefit or before the end of a gradual exit are none. Families with rigid expenses are judged once the place sets their line (here as for E10). Counted by the clock." }
says     = { zh = "近六个月有 {months} 个月缴费基数人均超过标准 {standard_fen} 的 {percent_limit}%，最高 {base_fen}；核实人均收入 {verified_per_capita_fen}。", en = "In {months} of six months the base a head was above {percent_limit} % of the standard of {standard_fen}, at most {base_fen}; verified income per head {verified_per_capita_fen}." }
clears   = { zh = "收入重新核对并计入，进入渐退，月份满六个月，待遇终止，或更正登记。", en = "The income is checked anew and knows the wage, a gradual exit is put on record, the months are six months old, the benefit ends, or the record is corrected." }

[params]
ratio = 1.0         # times the limit of the programme
months = 3          # of the last six
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
-- The six months are the last before the instant it is judged at: it holds until the third newest high month is six months old. A month counts
-- while the benefit ran and a check was in force; those before the end of a gradual exit do not.
select
    month.person_key as subject_key, '' as item,
    max(case when month.place = month.least_months then cast(month.as_of as timestamp) at time zone 'Asia/Shanghai' end) as yellow_at,
    max(case when month.back = month.least_months then cast(month.as_of + interval '6 months' as timestamp) at time zone 'Asia/Shanghai' end) as until_at,
    min(month.region_code) as region_code, min(month.benefit_id) as benefit_id, min(month.programme) as programme, max(month.place) as months,
    max(month.base_fen) as base_fen, max(month.standard_fen) as standard_fen, max(month.percent_limit) as percent_limit,
    max(month.verified_per_capita_fen) as verified_per_capita_fen, max(month.as_of) as as_of
from (
    select high.*, row_number() over (partition by high.person_key, high.benefit_id order by high.as_of) as place,
        row_number() over (partition by high.person_key, high.benefit_id order by high.as_of desc) as back
    from (
        select high.*, max(high.as_of) over (partition by high.person_key, high.benefit_id) as newest_as_of
        from (
            select
                own.person_key, own.benefit_id, min(own.region_code) as region_code, min(own.programme) as programme, max(own.as_of) as as_of,
                max(own.amount_fen) as base_fen, max(own.persons) as persons, max(own.standard_fen) as standard_fen, max(own.percent_limit) as percent_limit,
                max(own.verified_per_capita_fen) as verified_per_capita_fen, max(own.least_months) as least_months, max(own.ratio) as ratio
            from (
                select own.*, cast(:months as int) as least_months, :ratio as ratio, cast(cast(own.gradual_exit_from || '-01' as date) + cast(:gradual_exit_months as int) * interval '1 month' as date) as exit_to,
                    case own.programme when 'dibao' then cast(:dibao_percent as int) when 'dibao_margin' then cast(:margin_percent as int)
                        else cast(:rigid_percent as int) end as percent_limit
                from facts.means own
                where own.kind in ('housing_fund', 'social_insurance') and to_char(own.as_of, 'YYYY-MM') >= own.from_period
                    and to_char(own.as_of, 'YYYY-MM') <= own.last_period and own.checked_at < cast(own.as_of + 1 as timestamp) at time zone 'Asia/Shanghai'
            ) own
            where own.as_of >= coalesce(own.exit_to, own.as_of)
            group by own.person_key, own.benefit_id, to_char(own.as_of, 'YYYY-MM')
        ) high
        where high.percent_limit > 0 and high.base_fen * 100 > high.standard_fen * high.ratio * high.percent_limit * high.persons
            and (high.verified_per_capita_fen + 1) * high.persons <= high.base_fen
    ) high
    where high.as_of > high.newest_as_of - interval '6 months'
) month
group by month.person_key, month.least_months
having max(month.place) >= month.least_months
