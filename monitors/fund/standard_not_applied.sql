/*---
code     = "F22"
version  = 2
title    = { zh = "标准调整未同步", en = "Change of standard not applied" }
basis    = ["社会救助暂行办法（国务院令第649号）第10条、第12条"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["standard", "benefit"]
why      = { zh = "标准提高了，在保家庭的补差没有重新计算：每户每月都在少领。", en = "The standard was raised and the families' amounts were not computed anew: each of them gets too little each month." }
remedy   = { zh = "按新标准逐户重新计算，从执行之月起补发差额。", en = "Compute each family anew by the new standard and pay the difference from its first month." }
blind_to = { zh = "只看补差发放、调整前已在保且调整后仍在保的待遇，待遇金额或发放金额变过即视为已调整；同类待遇不足十户的地区不判断；下级地区自己定有标准的，按自己的标准，不算在内。定时统计。", en = "Looks at benefits paid by difference that were in force before and after; an amount decided or paid that changed counts as done. Silent in places with fewer than ten; benefits where a place below has a standard of its own are not of it. Counted by the clock." }
says     = { zh = "{programme} 标准自 {valid_from} 调整为 {standard_fen}，应调整 {benefits} 户，一个月内调整 {applied} 户（{percent}%）。", en = "The {programme} standard changed to {standard_fen} from {valid_from}; of {benefits} benefits to be computed anew {applied} were within a month ({percent} %)." }
clears   = { zh = "更正标准或待遇登记。逾期调整的，记录保留。", en = "A wrong standard or benefit is corrected. Done late, the finding stays." }

[params]
limit = 99          # per cent
months = 1
yellow_months = 2
least = 10          # benefits

[override_by]
region = "raised.region_code"
programme = "raised.programme"
on = "raised.valid_from"

[touches]
standard = "*"
benefit = "*"
payment = "*"
payment_batch = "*"
household = "*"
region = "*"
unit = "*"
---*/
select
    judged.region_code || '/' || judged.programme || '/' || to_char(judged.valid_from, 'YYYY-MM') as subject_key, judged.standard_id as item,
    judged.due_at as notice_at, case when judged.applied_late * 100 < judged.limit_percent * judged.benefits then judged.late_at end as yellow_at,
    judged.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_civil_affairs' and place.region_code = judged.region_code
    ) as unit_code,
    judged.programme, judged.valid_from, judged.standard_fen, judged.benefits, judged.applied,
    cast(round(100.0 * judged.applied / judged.benefits, 1) as double precision) as percent
from (
    select
        each.standard_id, each.region_code, each.programme, each.valid_from, each.standard_fen, each.due_at, each.late_at, each.limit_percent,
        each.least_benefits, count(*) as benefits, count(case when each.applied_at < each.due_at then 1 end) as applied,
        count(case when each.applied_at < each.late_at then 1 end) as applied_late
    from (
        select
            due.*, least(kept.decided_at, (
                select min(line.judged_at) from facts.payment line
                where line.benefit_id = kept.benefit_id and line.kind = 'regular' and line.period >= to_char(due.valid_from, 'YYYY-MM')
                    and line.period <= to_char(due.valid_from + interval '3 months', 'YYYY-MM') and line.amount_fen <> (
                        select max(before.amount_fen) from facts.payment before
                        where before.benefit_id = kept.benefit_id and before.kind = 'regular'
                            and before.period = to_char(due.valid_from - interval '1 month', 'YYYY-MM'))
            )) as applied_at
        from (
            select
                raised.*, cast(:limit as int) as limit_percent, cast(:least as int) as least_benefits,
                cast(cast(raised.valid_from + cast(:months as int) * interval '1 month' as date) as timestamp) at time zone 'Asia/Shanghai' as due_at,
                cast(cast(raised.valid_from + cast(:yellow_months as int) * interval '1 month' as date) as timestamp) at time zone 'Asia/Shanghai' as late_at
            from (
                select
                    standard.standard_id, standard.region_code, standard.programme, standard.urban_rural, standard.valid_from,
                    standard.monthly_amount_fen as standard_fen,
                    lag(standard.monthly_amount_fen) over (
                        partition by standard.region_code, standard.programme, standard.urban_rural order by standard.valid_from, standard.standard_id
                    ) as before_fen
                from facts.standard standard
                where standard.valid_from is not null
            ) raised
            where raised.before_fen <> raised.standard_fen
            -- of what was paid before the first run on record nothing is known
            and coalesce((select min(batch.period) from facts.payment_batch batch), '0001-01') < to_char(raised.valid_from, 'YYYY-MM')
        ) due
        join facts.region_path place on place.ancestor_code = due.region_code
        join (
            select
                held.benefit_id, held.region_code, held.programme, held.start_period, benefit.end_period, household.urban_rural, held.from_at,
                coalesce(held.to_at, timestamptz '9999-12-31 00:00:00+00') as to_at,
                (
                    select min(later.from_at) from facts.benefit_version later
                    where later.benefit_id = held.benefit_id and later.from_at > held.from_at
                        and later.monthly_amount_fen <> held.monthly_amount_fen
                ) as decided_at
            from facts.benefit_version held
            join facts.benefit benefit on benefit.benefit_id = held.benefit_id
            left join facts.household household on household.household_id = held.household_id
            where held.method = 'difference'
        ) kept on kept.region_code = place.region_code and kept.programme = due.programme
            and coalesce(due.urban_rural, kept.urban_rural, '') = coalesce(kept.urban_rural, '')
            and kept.start_period < to_char(due.valid_from, 'YYYY-MM') and coalesce(kept.end_period, '9999-12') >= to_char(due.valid_from, 'YYYY-MM')
            -- the version that held two months before, when nobody had computed anew yet
            and kept.from_at <= cast(due.valid_from - 60 as timestamp) at time zone 'Asia/Shanghai'
            and kept.to_at > cast(due.valid_from - 60 as timestamp) at time zone 'Asia/Shanghai'
            -- the nearest place that has a standard, and its own for town or country before one for both, as in F01
            and not exists (
                select 1 from facts.standard own
                join facts.region_path near on near.ancestor_code = own.region_code and near.region_code = kept.region_code
                where own.programme = due.programme and coalesce(own.valid_from, date '0001-01-01') <= due.valid_from
                    and (near.depth < place.depth and coalesce(own.urban_rural, kept.urban_rural, '') = coalesce(kept.urban_rural, '')
                        or near.depth = place.depth and own.urban_rural = kept.urban_rural and coalesce(due.urban_rural, '') = ''))
    ) each
    group by each.standard_id, each.region_code, each.programme, each.valid_from, each.standard_fen, each.due_at, each.late_at, each.limit_percent,
        each.least_benefits
) judged
where judged.benefits >= judged.least_benefits and judged.applied * 100 < judged.limit_percent * judged.benefits
