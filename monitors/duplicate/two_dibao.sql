/*---
code     = "D01"
version  = 1
title    = { zh = "同人多地低保", en = "Same person in two dibao benefits" }
basis    = ["民发〔2021〕57号 第5条、第28条"]
subject  = "person"
to       = "S"
why      = { zh = "同一人在两户低保中同时计入，可能重复领取，也可能是迁移后原地没有及时核减。", en = "One person is counted in two dibao households at once: paid twice, or not taken out of the first after moving." }
remedy   = { zh = "两地核对户籍和实际居住，保留一处；确属重复的停发并核算多领月份，属迁移衔接的更正起止月份。", en = "Both places verify where the person lives and keep one; stop and reckon what was paid twice, or correct the months if it was a move." }
blind_to = { zh = "身份证号缺失或登记不一致的人；外省低保。", en = "People without an ID number or with differing ones; dibao of other provinces." }
says     = { zh = "{first_period} 至 {last_period} 同时计入 {first_benefit_id}（{first_household_id}）与 {second_benefit_id}（{second_household_id}）两份低保。", en = "Counted in two dibao benefits from {first_period} to {last_period}: {first_benefit_id} ({first_household_id}) and {second_benefit_id} ({second_household_id})." }
clears   = { zh = "其中一处的待遇或成员起止月份更正后不再重叠。", en = "The months of one benefit or membership are corrected so that they no longer overlap." }

[touches]
benefit = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household_member = "select person_key from facts.identity where person_id = any(:person_id)"
person = "person_key"
---*/
select pair.person_key as subject_key, '' as item,
    min(pair.yellow_at) as yellow_at,
    min(pair.amount_fen) as amount_at_risk_fen, min(pair.region_code) as region_code,
    min(pair.from_period) as first_period, max(pair.to_period) as last_period,
    min(pair.first_benefit_id) as first_benefit_id, max(pair.second_benefit_id) as second_benefit_id,
    min(pair.first_household_id) as first_household_id, max(pair.second_household_id) as second_household_id
from (
    select one.person_key, one.benefit_id as first_benefit_id, other.benefit_id as second_benefit_id,
        one.household_id as first_household_id, other.household_id as second_household_id, other.region_code,
        greatest(one.from_period, other.from_period) as from_period, nullif(least(one.to_period, other.to_period), '9999-12') as to_period,
        least(one.monthly_amount_fen, other.monthly_amount_fen) as amount_fen,
        cast(cast(greatest(one.from_period, other.from_period) || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as yellow_at
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
) pair
group by pair.person_key
