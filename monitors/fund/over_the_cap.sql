/*---
code     = "F19"
version  = 1
title    = { zh = "临时救助超封顶", en = "Temporary aid over the cap" }
basis    = ["地方规定的封顶线（安徽：原则上不超过月低保标准的 10 倍）", "民发〔2018〕23号"]
subject  = "household"
to       = "U"
scope    = "all"
needs    = ["payment", "standard"]
why      = { zh = "超过封顶线的救助应当集体研究、留有纪要；没有纪要，就是个人说了算。", en = "Aid above the cap needs a case conference with minutes; without them it is one person's word." }
remedy   = { zh = "补充一事一议会议纪要；没有研究过的，重新研究，多发的依法处理。", en = "Put the true minutes on record; where nobody met, hold the conference, and deal with what was too much." }
blind_to = { zh = "当地低保标准没有登记的不判断；年度封顶线没有全国规定，按参数设定后才判断。定时统计。", en = "Silent where the local dibao standard is unknown; there is no national cap for a year, and none is judged until a place sets one. Counted by the clock." }
says     = { zh = "{pay_period} 发放临时救助 {amount_fen}（当年累计 {year_fen}），超过封顶 {cap_fen}（月低保标准 {standard_fen} 的 {times} 倍），没有一事一议纪要。", en = "{amount_fen} of temporary aid in {pay_period} ({year_fen} in the year) is above the cap of {cap_fen} ({times} times the monthly standard of {standard_fen}), without minutes of a conference." }
clears   = { zh = "登记会议纪要，相关发放退回或冲销，或更正标准。", en = "The minutes put on record, the line returned or reversed, or a wrong standard corrected." }

[params]
limit = 10          # times the monthly dibao standard, for one line
year_limit = 0      # times the monthly dibao standard, in a year; 0: the place sets none

[override_by]
region = "line.region_code"
on = "line.on_day"

[touches]
payment = "*"
benefit = "*"
application = "*"
stage = "*"
household = "*"
standard = "*"
region = "*"
---*/
select
    judged.household_id as subject_key, judged.payment_id as item, judged.at as yellow_at,
    case when judged.amount_fen > judged.times * judged.standard_fen then judged.amount_fen - judged.times * judged.standard_fen
        else judged.year_fen - judged.year_times * judged.standard_fen end as amount_at_risk_fen,
    judged.region_code, judged.period as pay_period, judged.amount_fen, judged.year_fen, judged.standard_fen,
    case when judged.amount_fen > judged.times * judged.standard_fen then judged.times else judged.year_times end as times,
    case when judged.amount_fen > judged.times * judged.standard_fen then judged.times else judged.year_times end * judged.standard_fen as cap_fen
from (
    select
        line.*, cast(:limit as int) as times, cast(:year_limit as int) as year_times,
        cast(sum(line.amount_fen) over (partition by line.household_id, line.year order by line.at, line.payment_id) as bigint) as year_fen,
        (
            select (array_agg(standard.monthly_amount_fen
                order by place.depth, standard.urban_rural nulls last, standard.valid_from desc, standard.standard_id))[1]
            from facts.region_path place
            join facts.standard standard on standard.region_code = place.ancestor_code
            where place.region_code = line.home_code and standard.programme = 'dibao' and standard.valid_from <= line.on_day
                and coalesce(standard.urban_rural, line.urban_rural, '') = coalesce(line.urban_rural, '')
        ) as standard_fen
    from (
        select
            payment.payment_id, payment.household_id, payment.region_code, payment.period, payment.amount_fen, payment.judged_at as at,
            cast(payment.judged_at at time zone 'Asia/Shanghai' as date) as on_day,
            to_char(payment.judged_at at time zone 'Asia/Shanghai', 'YYYY') as year,
            coalesce(household.region_code, payment.region_code) as home_code, household.urban_rural, benefit.application_id
        from facts.payment payment
        left join facts.household household on household.household_id = payment.household_id
        left join facts.benefit benefit on benefit.benefit_id = payment.benefit_id
        where payment.programme = 'temporary_aid' and payment.household_id is not null
            and coalesce(payment.status, 'submitted') in ('submitted', 'paid')
    ) line
) judged
where (judged.amount_fen > judged.times * judged.standard_fen
        or judged.year_times > 0 and judged.year_fen > judged.year_times * judged.standard_fen)
    and not exists (
        select 1 from facts.stage met
        where met.application_id = judged.application_id and 'minutes' = any(met.evidence))
