/*---
code     = "E10"
version  = 2
title    = { zh = "核实收入超标准", en = "Verified income above the standard" }
basis    = ["社会救助暂行办法（国务院令第649号）第9条", "民发〔2021〕57号 第8条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["income_check", "benefit", "standard"]
why      = { zh = "核实的家庭人均收入高于标准，待遇仍在发放。", en = "The verified income per head is above the standard and the benefit goes on." }
remedy   = { zh = "复核收入和扣减项，符合渐退条件的按渐退办理，否则依程序终止。", en = "Check income and deductions again; where the law grants a gradual exit apply it, else end the benefit by the procedure." }
blind_to = { zh = "核实收入已扣除不计入项目；刚性支出家庭的收入线由各地设定后才判断；渐退期内不判断，期满仍在发放的按期满时的标准判断。定时统计。", en = "Verified income is net of what does not count; families with rigid expenses are judged once the place sets their line; silent during a gradual exit, and where the benefit goes on after it judged by the standard of that day. Counted by the clock." }
says     = { zh = "{checked_at} 核实人均收入 {verified_per_capita_fen}，高于 {standard_fen} 的 {percent_limit}%。", en = "Income per head verified {checked_at} is {verified_per_capita_fen}, above {percent_limit} % of {standard_fen}." }
clears   = { zh = "收入重新核对后低于标准，进入渐退或终止，或更正标准。", en = "A new check is below the standard, a gradual exit or the end is put on record, or the standard is corrected." }

[params]
dibao_percent = 100
margin_percent = 150
rigid_percent = 0   # of the dibao standard; 0: the place has set no line
gradual_exit_months = 6

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "own.checked_on"

[touches]
benefit = "*"
household = "*"
person = "*"
income_check = "*"
standard = "*"
region = "*"
---*/
-- Told at the head of the household. A benefit that ends with the month of the check was ended in time, and so was one that ends with its
-- gradual exit; where it goes on after the exit it is told from then on, by the standard of that day.
select
    judged.person_key as subject_key, '' as item, min(greatest(judged.checked_at, cast(judged.exit_to as timestamp) at time zone 'Asia/Shanghai')) as yellow_at, min(judged.region_code) as region_code, min(judged.benefit_id) as benefit_id,
    min(judged.programme) as programme, max(judged.verified_per_capita_fen) as verified_per_capita_fen, max(judged.standard_fen) as standard_fen,
    max(judged.percent_limit) as percent_limit, max(judged.checked_at) as checked_at
from (
    select
        held.*,
        (
            select (array_agg(standard.monthly_amount_fen
                order by place.depth, standard.urban_rural nulls last, standard.valid_from desc, standard.standard_id))[1]
            from facts.region_path place
            join facts.standard standard on standard.region_code = place.ancestor_code and standard.programme = 'dibao'
            where place.region_code = held.home_code and standard.valid_from <= greatest(held.checked_on, held.exit_to)
                and coalesce(standard.urban_rural, held.urban_rural, '') = coalesce(held.urban_rural, '')
        ) as standard_fen
    from (
        select
            own.*, case own.programme when 'dibao' then cast(:dibao_percent as int) when 'dibao_margin' then cast(:margin_percent as int)
                else cast(:rigid_percent as int) end as percent_limit,
            cast(cast(own.gradual_exit_from || '-01' as date) + cast(:gradual_exit_months as int) * interval '1 month' as date) as exit_to
        from (
            select
                head.person_key, benefit.benefit_id, benefit.programme, benefit.region_code, benefit.gradual_exit_from, benefit.end_period,
                coalesce(household.region_code, benefit.region_code) as home_code, household.urban_rural, verified.verified_per_capita_fen,
                verified.checked_at, cast(verified.checked_at at time zone 'Asia/Shanghai' as date) as checked_on,
                row_number() over (partition by benefit.benefit_id order by verified.checked_at desc, verified.check_id) as newest
            from facts.benefit benefit
            join facts.household household on household.household_id = benefit.household_id
            join facts.identity head on head.person_id = household.head_person_id
            join facts.income_check verified on verified.household_id = benefit.household_id
            where benefit.programme in ('dibao', 'dibao_margin', 'rigid_expense') and verified.checked_at >= timestamptz '1900-01-01 00:00:00+00'
        ) own
        where own.newest = 1 and to_char(own.checked_on, 'YYYY-MM') < coalesce(own.end_period, '9999-12')
    ) held
    where held.percent_limit > 0 and coalesce(to_char(held.exit_to, 'YYYY-MM') <= coalesce(held.end_period, '9999-12'), true)
) judged
where judged.verified_per_capita_fen * 100 > judged.standard_fen * judged.percent_limit
group by judged.person_key
