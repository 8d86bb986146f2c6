/*---
code     = "D10"
version  = 2
title    = { zh = "夫妻分户重复", en = "Spouses in separate one-person households" }
basis    = ["民发〔2021〕57号 第7条、第8条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "kinship", "household_member", "register.marriage", "register.hospital"]
why      = { zh = "夫妻应当作为一个家庭申请；各立一户、各领一份低保，家庭收入就被拆开了。", en = "Spouses apply as one family; each alone with dibao of their own, the family's income is split." }
remedy   = { zh = "核实婚姻和共同生活情况；属于单人户情形的登记依据，否则合并审核。", en = "Find whether they are married and live together; where single-person entry applies record its ground, else judge them as one family." }
blind_to = { zh = "只认得婚姻登记和登记了夫妻关系的人；离婚、分居没有登记的会误报。定时统计。", en = "Knows spouses by the marriage register and kinship on record; a divorce or separation nobody recorded is noticed as well. Counted by the clock." }
says     = { zh = "夫妻二人自 {first_period} 起各为一人户低保（{benefit_a}、{benefit_b}）。", en = "Two spouses each have dibao as a household of one from {first_period} on ({benefit_a}, {benefit_b})." }
clears   = { zh = "合并为一户或其中一份终止，或更正婚姻、人口登记。", en = "They are joined, one of the benefits ends, or marriage or persons are corrected." }

[touches]
benefit = "*"
kinship = "*"
person = "*"
household_member = "*"
register = "*"
---*/
-- A finding for each of the two.
select
    pair.person_key as subject_key, pair.spouse_key as item, min(pair.from_at) as yellow_at, min(pair.amount_fen) as amount_at_risk_fen,
    min(pair.region_code) as region_code, min(pair.from_period) as first_period, min(pair.benefit_a) as benefit_a, min(pair.benefit_b) as benefit_b
from (
    select
        one.person_key, other.person_key as spouse_key, one.benefit_id as benefit_a, other.benefit_id as benefit_b, one.region_code,
        greatest(one.from_period, other.from_period, to_char(wed.from_date, 'YYYY-MM')) as from_period, least(one.monthly_amount_fen, other.monthly_amount_fen) as amount_fen,
        cast(cast(greatest(one.from_period, other.from_period, to_char(wed.from_date, 'YYYY-MM')) || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as from_at
    from (
        select
            held.person_key, held.benefit_id, held.region_code, held.from_period, held.to_period, held.household_id, held.monthly_amount_fen,
            exists (select 1 from facts.person human where human.person_key = held.person_key
                and (human.disability_grade in (1, 2) or human.disability_category in ('5', '6') and human.disability_grade = 3))
                or exists (select 1 from facts.register ill where ill.person_key = held.person_key and ill.kind = 'hospital') as may_be_alone
        from facts.received held
        where held.programme = 'dibao' and held.covered_persons = 1
    ) one
    join facts.spouse wed on wed.person_key = one.person_key
    join (
        select
            held.person_key, held.benefit_id, held.from_period, held.to_period, held.household_id, held.monthly_amount_fen,
            exists (select 1 from facts.person human where human.person_key = held.person_key
                and (human.disability_grade in (1, 2) or human.disability_category in ('5', '6') and human.disability_grade = 3))
                or exists (select 1 from facts.register ill where ill.person_key = held.person_key and ill.kind = 'hospital') as may_be_alone
        from facts.received held
        where held.programme = 'dibao' and held.covered_persons = 1
    ) other on other.person_key = wed.spouse_key and other.person_key <> one.person_key and other.household_id <> one.household_id
        and greatest(one.from_period, other.from_period, to_char(wed.from_date, 'YYYY-MM')) <= least(one.to_period, other.to_period)
    where not one.may_be_alone and not other.may_be_alone
) pair
group by pair.person_key, pair.spouse_key
