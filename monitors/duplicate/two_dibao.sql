/*---
code     = "D01"
version  = 2
title    = { zh = "同人多地低保", en = "Same person in two dibao benefits" }
basis    = ["民发〔2021〕57号 第5条、第28条"]
subject  = "person"
to       = "S"
why      = { zh = "同一人在两户低保中同时计入，可能重复领取，也可能是迁移后原地没有及时核减。", en = "One person is counted in two dibao households at once: paid twice, or not taken out of the first after moving." }
remedy   = { zh = "两地核对户籍和实际居住，保留一处；确属重复的停发并核算多领月份，属迁移衔接的更正起止月份。", en = "Both places verify where the person lives and keep one; stop and reckon what was paid twice, or correct the months if it was a move." }
blind_to = { zh = "身份证号缺失或登记不一致的人；外省低保。当地登记允许两份并存的月份不算。", en = "People without an ID number or with differing ones; dibao of other provinces. Months in which the place lets the two stand side by side are none." }
says     = { zh = "{first_period} 至 {last_period} 同时计入 {first_benefit_id}（{first_household_id}）与 {second_benefit_id}（{second_household_id}）两份低保。", en = "Counted in two dibao benefits from {first_period} to {last_period}: {first_benefit_id} ({first_household_id}) and {second_benefit_id} ({second_household_id})." }
clears   = { zh = "其中一处的待遇或成员起止月份更正后不再重叠。", en = "The months of one benefit or membership are corrected so that they no longer overlap." }

[touches]
benefit = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household_member = "select person_key from facts.identity where person_id = any(:person_id)"
person = "person_key"
exclusion = "*"
region = "*"
---*/
select pair.person_key as subject_key, '' as item,
    min(pair.yellow_at) as yellow_at,
    min(pair.amount_fen) as amount_at_risk_fen, min(pair.region_code) as region_code,
    min(pair.from_period) as first_period, max(pair.to_period) as last_period,
    min(pair.first_benefit_id) as first_benefit_id, max(pair.second_benefit_id) as second_benefit_id,
    min(pair.first_household_id) as first_household_id, max(pair.second_household_id) as second_household_id
from (  -- in each month the nearest row of the matrix decides, at the place of the first benefit as on page Duplicates
    select held.*, ruled.effect, greatest(held.first_period, ruled.from_month) as from_period,
        nullif(least(held.last_period, coalesce(ruled.to_month, '9999-12')), '9999-12') as to_period,
        cast(cast(greatest(held.first_period, ruled.from_month) || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
        row_number() over (
            partition by held.person_key, held.first_benefit_id, held.second_benefit_id, held.first_period, held.last_period, ruled.from_month
            order by ruled.effect = 'open', coalesce(place.depth, case when ruled.region_code > '' then 0 else 99 end), ruled.valid_from desc, ruled.exclusion_id
        ) as nearest
    from (
        select one.person_key, one.benefit_id as first_benefit_id, other.benefit_id as second_benefit_id,
            one.household_id as first_household_id, other.household_id as second_household_id, other.region_code,
            case when one.benefit_id < other.benefit_id then one.region_code else other.region_code end as ruled_in,
            greatest(one.from_period, other.from_period) as first_period, least(one.to_period, other.to_period) as last_period,
            least(one.monthly_amount_fen, other.monthly_amount_fen) as amount_fen
        from (
            select i.person_key, b.benefit_id, b.household_id, b.region_code, b.monthly_amount_fen,
                greatest(b.start_period, coalesce(to_char(m.from_date, 'YYYY-MM'), '0001-01')) as from_period,
                least(coalesce(b.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')) as to_period
            from facts.identity i
            join facts.household_member m on m.person_id = i.person_id and m.counted
            join facts.benefit b on b.household_id = m.household_id and b.programme = 'dibao'
            where coalesce(b.person_id, m.person_id) = m.person_id
        ) one
        join (
            select i.person_key, b.benefit_id, b.household_id, b.region_code, b.monthly_amount_fen,
                greatest(b.start_period, coalesce(to_char(m.from_date, 'YYYY-MM'), '0001-01')) as from_period,
                least(coalesce(b.end_period, '9999-12'), coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')) as to_period
            from facts.identity i
            join facts.household_member m on m.person_id = i.person_id and m.counted
            join facts.benefit b on b.household_id = m.household_id and b.programme = 'dibao'
            where coalesce(b.person_id, m.person_id) = m.person_id
        ) other on other.person_key = one.person_key and other.household_id > one.household_id
        where greatest(one.from_period, other.from_period) <= least(one.to_period, other.to_period)
    ) held
    left join facts.exclusion_stretch ruled on ruled.programme_a = 'dibao' and ruled.programme_b = 'dibao'
        and ruled.from_month <= held.last_period and ruled.to_month >= held.first_period
    left join facts.region_path place on place.region_code = held.ruled_in and place.ancestor_code = ruled.region_code
    where coalesce(ruled.region_code, held.ruled_in, '') = coalesce(held.ruled_in, '') or place.depth >= 0
) pair
where pair.nearest = 1 and coalesce(pair.effect, 'open') in ('exclusive', 'open')
group by pair.person_key
