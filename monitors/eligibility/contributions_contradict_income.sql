/*---
code     = "E08"
version  = 1
title    = { zh = "缴费基数与申报收入矛盾", en = "Contribution base contradicts declared income" }
basis    = ["民发〔2021〕57号 第13条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "income_check", "register.housing_fund", "register.social_insurance"]
why      = { zh = "公积金、社保按月缴费的基数高于标准，家庭收入里却没有这份工资。", en = "Monthly contributions stand for a wage above the standard, and the family's income does not know it." }
remedy   = { zh = "核实就业和工资，重新核算收入；断缴、代缴的说明情况。", en = "Verify work and wage and compute the income anew; say where contributions stopped or were made for somebody else." }
blind_to = { zh = "只用逐月数据，不用年度数除以十二；最近六个月内至少三个月；没有收入核对的不判断。定时统计。", en = "Uses monthly values, never a year over twelve; three of the newest six months; silent without an income check. Counted by the clock." }
says     = { zh = "近六个月有 {months} 个月缴费基数人均超过标准 {standard_fen}，最高 {base_fen}；核实人均收入 {verified_per_capita_fen}。", en = "In {months} of six months the base a head was above the standard of {standard_fen}, at most {base_fen}; verified income per head {verified_per_capita_fen}." }
clears   = { zh = "收入重新核对，待遇终止，或更正登记。", en = "The income is checked anew, the benefit ends, or the record is corrected." }

[params]
ratio = 1.0         # times the standard
months = 3          # of the newest six

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
    month.person_key as subject_key, '' as item,
    max(case when month.place = month.least_months then cast(month.as_of as timestamp) at time zone 'Asia/Shanghai' end) as yellow_at,
    min(month.region_code) as region_code, min(month.benefit_id) as benefit_id, min(month.programme) as programme, count(*) as months,
    max(month.base_fen) as base_fen, max(month.standard_fen) as standard_fen, max(month.verified_per_capita_fen) as verified_per_capita_fen, max(month.as_of) as as_of
from (
    select high.*, row_number() over (partition by high.person_key, high.benefit_id order by high.as_of) as place
    from (
        select
            own.person_key, own.benefit_id, min(own.region_code) as region_code, min(own.programme) as programme, max(own.as_of) as as_of,
            max(own.amount_fen) as base_fen, max(own.persons) as persons, max(own.standard_fen) as standard_fen,
            max(own.verified_per_capita_fen) as verified_per_capita_fen, cast(max(:months) as int) as least_months, max(:ratio) as ratio
        from facts.means own
        join (
            select newest.person_key, max(newest.as_of) as as_of from facts.means newest
            where newest.kind in ('housing_fund', 'social_insurance') group by newest.person_key
        ) last on last.person_key = own.person_key and own.as_of > last.as_of - interval '6 months'
        where own.kind in ('housing_fund', 'social_insurance')
        group by own.person_key, own.benefit_id, to_char(own.as_of, 'YYYY-MM')
    ) high
    where high.base_fen > high.standard_fen * high.ratio * high.persons and high.verified_per_capita_fen * high.persons < high.base_fen
) month
group by month.person_key, month.least_months
having count(*) >= month.least_months
