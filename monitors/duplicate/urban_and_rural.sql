/*---
code     = "D03"
version  = 2
title    = { zh = "城乡低保重复", en = "Urban × rural dibao" }
basis    = ["民发〔2021〕57号 第5、28条", "审计方法：家庭编号对应多个证号（松滋）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "household", "payment"]
why      = { zh = "同一个人在城市和农村各有一份低保，或者同一家庭有两本低保证：城乡两套名册多年不通，这类重复最常见。", en = "One person holds urban and rural dibao, or one household two certificates: two lists that did not know each other for years, the commonest of duplicates." }
remedy   = { zh = "核实常住地和户籍，保留应享受的一份，终止另一份。", en = "Find where they live and are registered, keep the one that is due and end the other." }
blind_to = { zh = "家庭没有登记城乡属性的看不出；当地登记允许两份并存的月份不算。月数按两份都发放到账的月份计。定时统计。", en = "Not seen where a household's kind is not on record. Months in which the place lets the two stand side by side are none; months are those in which both were paid. Counted by the clock." }
says     = { zh = "自 {first_period} 起有两份低保（{first_benefit_id}、{second_benefit_id}），问题：{what}；两份都已到账 {months} 个月。", en = "Two dibao benefits from {first_period} on ({first_benefit_id}, {second_benefit_id}): {what}; both were paid for {months} month(s)." }
clears   = { zh = "其中一份终止，或更正城乡属性、成员和起止月份后不再重叠。", en = "One of them ends, or kind, membership or months are corrected so that they no longer overlap." }

[touches]
benefit = "*"
household = "*"
household_member = "*"
person = "*"
payment = "*"
exclusion = "*"
region = "*"
---*/
select
    month.person_key as subject_key, '' as item, min(month.yellow_at) as yellow_at,
    min(case when month.place = 2 then month.both_paid_at end) as red_at, cast(sum(month.twice_fen) as bigint) as amount_at_risk_fen,
    min(month.region_code) as region_code, min(month.from_period) as first_period, min(month.what) as what, max(month.place) as months,
    min(month.first_benefit_id) as first_benefit_id, max(month.second_benefit_id) as second_benefit_id
from (
    select
        pair.*, cast(cast(pair.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
        twice.both_paid_at, twice.twice_fen,
        case when twice.period is not null then dense_rank() over (partition by pair.person_key, twice.period is not null order by twice.period) else 0 end as place
    from (  -- in each month the nearest row of the matrix decides; where none speaks, the law does
        select
            held.person_key, held.benefit_a as first_benefit_id, held.benefit_b as second_benefit_id, held.region_code,
            greatest(held.from_period, ruled.from_month) as from_period, least(held.to_period, coalesce(ruled.to_month, '9999-12')) as to_period,
            coalesce(ruled.effect, 'open') as effect,
            row_number() over (
                partition by held.person_key, held.benefit_a, held.benefit_b, held.from_period, held.to_period, ruled.from_month
                order by ruled.effect = 'open', coalesce(place.depth, case when ruled.region_code > '' then 0 else 99 end), ruled.valid_from desc, ruled.exclusion_id
            ) as nearest,
            case when held.household_a = held.household_b then 'TWO_CERTIFICATES' else 'URBAN_AND_RURAL' end as what
        from facts.received_pair held
        left join facts.household here on here.household_id = held.household_a
        left join facts.household there on there.household_id = held.household_b
        left join facts.exclusion_stretch ruled on ruled.programme_a = 'dibao' and ruled.programme_b = 'dibao'
            and ruled.from_month <= held.to_period and ruled.to_month >= held.from_period
        left join facts.region_path place on place.region_code = held.region_code and place.ancestor_code = ruled.region_code
        where held.programme_a = 'dibao' and held.programme_b = 'dibao' and held.from_period <= held.to_period
            and (held.household_a = held.household_b or here.urban_rural <> there.urban_rural)
            and (coalesce(ruled.region_code, held.region_code, '') = coalesce(held.region_code, '') or place.depth >= 0)
    ) pair
    left join (
        select
            a.benefit_id as first_id, b.benefit_id as second_id, a.period, least(a.amount_fen, b.amount_fen) as twice_fen,
            greatest(coalesce(a.paid_at, a.event_at), coalesce(b.paid_at, b.event_at)) as both_paid_at
        from facts.payment a
        join facts.payment b on b.period = a.period and b.kind = 'regular' and b.status = 'paid' and b.programme = 'dibao'
        where a.kind = 'regular' and a.status = 'paid' and a.programme = 'dibao'
    ) twice on twice.first_id = pair.first_benefit_id and twice.second_id = pair.second_benefit_id
        and twice.period >= pair.from_period and twice.period <= pair.to_period
    where pair.nearest = 1 and pair.effect in ('exclusive', 'open')
) month
group by month.person_key
