/*---
code     = "D02"
version  = 2
title    = { zh = "低保与特困重复", en = "Dibao and tekun at once" }
basis    = ["社会救助暂行办法（国务院令第649号）第二章、第三章", "民发〔2021〕43号 第27条"]
subject  = "person"
to       = "S"
params   = { gradual_exit_months = 6 }
override_by = { region = "pair.region_code", on = "cast(pair.from_period || '-01' as date)" }
why      = { zh = "低保与特困供养不能同时享受：重复发放的部分要退回；也可能是转入特困后原低保没有及时核减。", en = "Dibao and tekun exclude each other; what is paid twice has to be returned, or the dibao was not reduced when the person moved to tekun." }
remedy   = { zh = "核对待遇起止月份，保留一项；由低保转特困的，低保按人核减。", en = "Compare the months of both and keep one; after a move to tekun take the person out of the dibao household." }
blind_to = { zh = "身份证号缺失或两边登记不一致的人。渐退期内的月份、当地登记允许并存的月份不算。", en = "People without an ID number or with differing ones. Months of a gradual exit, and those in which the place lets both stand side by side, are none." }
says     = { zh = "{first_period} 起低保（{dibao_benefit_id}）与特困（{tekun_benefit_id}）同时有效，其中 {months} 个月两项都已发放。", en = "Dibao ({dibao_benefit_id}) and tekun ({tekun_benefit_id}) both in force from {first_period}; {months} month(s) paid under both." }
clears   = { zh = "其中一项的起止月份或成员记录更正后不再重叠。", en = "The months of one of the two, or the membership, are corrected so that they no longer overlap." }

[touches]
benefit = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household_member = "select person_key from facts.identity where person_id = any(:person_id)"
person = "person_key"
payment = """
select p.person_key from (
    select i.person_key, b.programme from facts.benefit b join facts.identity i on i.person_id = b.person_id where b.benefit_id = any(:benefit_id)
    union all select i.person_key, b.programme from facts.benefit b join facts.household_member m on m.household_id = b.household_id
    join facts.identity i on i.person_id = m.person_id where b.benefit_id = any(:benefit_id) and coalesce(b.person_id, '') = ''
) p where p.programme in ('dibao', 'tekun') and (
    exists (select 1 from facts.identity k join facts.benefit o on o.person_id = k.person_id
        where k.person_key = p.person_key and o.programme <> p.programme and o.programme in ('dibao', 'tekun'))
    or exists (select 1 from facts.identity k join facts.household_member n on n.person_id = k.person_id
        join facts.benefit o on o.household_id = n.household_id
        where k.person_key = p.person_key and o.programme <> p.programme and o.programme in ('dibao', 'tekun')))
"""
exclusion = "*"
region = "*"
---*/
select month.person_key as subject_key, '' as item,
    min(month.yellow_at) as yellow_at, min(case when month.place >= 2 then month.both_paid_at end) as red_at,
    sum(month.twice_fen) as amount_at_risk_fen, min(month.region_code) as region_code,
    min(month.from_period) as first_period, max(coalesce(month.place, 0)) as months,
    min(month.dibao_benefit_id) as dibao_benefit_id, min(month.tekun_benefit_id) as tekun_benefit_id
from (
    select pair.person_key, pair.dibao_benefit_id, pair.tekun_benefit_id, pair.region_code, pair.from_period,
        cast(cast(pair.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
        greatest(coalesce(d.paid_at, d.event_at), coalesce(t.paid_at, t.event_at)) as both_paid_at,
        case when t.amount_fen >= 0 then least(d.amount_fen, t.amount_fen) end as twice_fen,
        case when t.amount_fen >= 0
            then dense_rank() over (partition by pair.person_key, t.amount_fen >= 0 order by t.period) end as place
    from (  -- in each month the nearest row of the matrix decides; where none speaks, the law does
        select
            pair.person_key, pair.dibao_benefit_id, pair.tekun_benefit_id, pair.region_code,
            greatest(pair.from_period, ruled.from_month) as from_period, least(pair.to_period, coalesce(ruled.to_month, '9999-12')) as to_period,
            coalesce(ruled.effect, 'open') as effect,
            row_number() over (
                partition by pair.person_key, pair.dibao_benefit_id, pair.tekun_benefit_id, pair.from_period, pair.to_period, ruled.from_month
                order by ruled.effect = 'open', coalesce(place.depth, case when ruled.region_code > '' then 0 else 99 end), ruled.valid_from desc, ruled.exclusion_id
            ) as nearest
        from (  -- the months in which both are in force; those of a gradual exit are lawful and come before
            select pair.person_key, pair.dibao_benefit_id, pair.tekun_benefit_id, pair.region_code, pair.to_period,
                greatest(pair.from_period,
                    case when pair.from_period >= pair.exit_a then to_char(cast(pair.exit_a || '-01' as date) + :gradual_exit_months * interval '1 month', 'YYYY-MM') end,
                    case when pair.from_period >= pair.exit_b then to_char(cast(pair.exit_b || '-01' as date) + :gradual_exit_months * interval '1 month', 'YYYY-MM') end
                ) as from_period
            from (
                select one.person_key, one.benefit_id as dibao_benefit_id, other.benefit_id as tekun_benefit_id, one.region_code,
                    greatest(one.from_period, other.from_period) as from_period, least(one.to_period, other.to_period) as to_period,
                    one.gradual_exit_from as exit_a, other.gradual_exit_from as exit_b
                from (
                    select i.person_key, b.benefit_id, b.region_code, b.gradual_exit_from, b.start_period as from_period,
                        coalesce(b.end_period, '9999-12') as to_period
                    from facts.identity i join facts.benefit b on b.person_id = i.person_id and b.programme = 'dibao'
                    union all
                    select i.person_key, b.benefit_id, b.region_code, b.gradual_exit_from, greatest(b.start_period, to_char(m.from_date, 'YYYY-MM')),
                        least(coalesce(b.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12'))
                    from facts.identity i
                    join facts.household_member m on m.person_id = i.person_id and m.counted
                    join facts.benefit b on b.household_id = m.household_id and b.programme = 'dibao' and coalesce(b.person_id, '') = ''
                ) one
                join (
                    select i.person_key, b.benefit_id, b.gradual_exit_from, b.start_period as from_period, coalesce(b.end_period, '9999-12') as to_period
                    from facts.identity i join facts.benefit b on b.person_id = i.person_id and b.programme = 'tekun'
                    union all
                    select i.person_key, b.benefit_id, b.gradual_exit_from, greatest(b.start_period, to_char(m.from_date, 'YYYY-MM')),
                        least(coalesce(b.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12'))
                    from facts.identity i
                    join facts.household_member m on m.person_id = i.person_id and m.counted
                    join facts.benefit b on b.household_id = m.household_id and b.programme = 'tekun' and coalesce(b.person_id, '') = ''
                ) other on other.person_key = one.person_key
            ) pair
        ) pair
        left join facts.exclusion_stretch ruled on ruled.programme_a = 'dibao' and ruled.programme_b = 'tekun'
            and ruled.from_month <= pair.to_period and ruled.to_month >= pair.from_period
        left join facts.region_path place on place.region_code = pair.region_code and place.ancestor_code = ruled.region_code
        where pair.from_period <= pair.to_period
            and (coalesce(ruled.region_code, pair.region_code, '') = coalesce(pair.region_code, '') or place.depth >= 0)
    ) pair
    left join facts.payment d on d.benefit_id = pair.dibao_benefit_id and d.kind = 'regular' and d.status = 'paid'
        and d.period >= pair.from_period and d.period <= pair.to_period
    left join facts.payment t on t.benefit_id = pair.tekun_benefit_id and t.period = d.period and t.kind = 'regular' and t.status = 'paid'
    where pair.nearest = 1 and pair.effect in ('exclusive', 'open')
) month
group by month.person_key
