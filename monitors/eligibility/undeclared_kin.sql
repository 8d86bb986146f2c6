/*---
code     = "E11"
version  = 2
title    = { zh = "配偶或子女未申报", en = "Undeclared spouse or dependant" }
basis    = ["民发〔2021〕57号 第7条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "household_member", "kinship", "register.marriage"]
spared_by = ["register.death", "register.cremation", "register.missing", "register.custody", "register.drug_isolation"]
why      = { zh = "登记有配偶或未成年子女，家庭成员里却没有：这个人的收入和财产没有一起看。", en = "A spouse or minor child is on record and not among the members: their income and property were not looked at." }
remedy   = { zh = "核实婚姻、抚养和共同生活情况，补充成员后重新核算。", en = "Find who is married, who cares for whom and who lives together; add the member and compute anew." }
blind_to = { zh = "只认得婚姻登记和登记了亲属关系的人；离婚、由另一方抚养、分户而没有登记的会误报。定时统计。", en = "Knows marriages registered and kin on record only; a divorce, custody of the other parent or a household split that nobody recorded is noticed as well. Counted by the clock." }
says     = { zh = "{relation} {relative_id} 登记在册，没有列入家庭 {household_id} 的成员。", en = "{relation} {relative_id} is on record and not listed among the members of household {household_id}." }
clears   = { zh = "补充成员，或更正婚姻、亲属、户口登记。", en = "The member is added, or marriage, kinship or household register is corrected." }

[touches]
person = "*"
household = "*"
household_member = "*"
benefit = "*"
kinship = "*"
register = "*"
---*/
select
    held.person_key as subject_key, coalesce(min(held.relative_id), held.relative_key) as item, min(held.from_at) as yellow_at, min(held.until_at) as until_at,
    min(held.region_code) as region_code, min(held.benefit_id) as benefit_id, min(held.household_id) as household_id,
    min(held.relation) as relation, coalesce(min(held.relative_id), held.relative_key) as relative_id
from (
    select
        own.person_key, own.benefit_id, own.household_id, own.region_code, kin.relation, kin.relative_key,
        (select min(known.person_id) from facts.identity known where known.person_key = kin.relative_key) as relative_id,
        cast(greatest(cast(own.from_period || '-01' as date), kin.since_on) as timestamp) at time zone 'Asia/Shanghai' as from_at,
        cast(cast(kin.born_on + interval '18 years' as date) as timestamp) at time zone 'Asia/Shanghai' as until_at
    from facts.received own
    join (
        select wed.person_key, wed.spouse_key as relative_key, 'spouse' as relation, wed.from_date as since_on, cast(null as date) as born_on
        from facts.spouse wed
        union all
        select me.person_key, other.person_key, 'child', null, coalesce(relative.id_birth_date, relative.birth_date)
        from facts.identity me
        join facts.kin kin on kin.person_id = me.person_id and kin.relation = 'child'
        join facts.person relative on relative.person_id = kin.relative_id
        join facts.identity other on other.person_id = kin.relative_id
        where coalesce(relative.id_birth_date, relative.birth_date) is not null
    ) kin on kin.person_key = own.person_key
    where own.programme in ('dibao', 'dibao_margin') and own.own = 0 and own.to_period = '9999-12'
        and coalesce(kin.born_on + interval '18 years' > cast(own.from_period || '-01' as date), true)
        and not exists (
            select 1 from facts.household_member listed join facts.identity human on human.person_id = listed.person_id
            where listed.household_id = own.household_id and human.person_key = kin.relative_key)
        -- not members by law (民发〔2021〕57号 第7条), or not alive
        and not exists (
            select 1 from facts.register gone
            where gone.person_key = kin.relative_key and gone.kind in ('death', 'cremation', 'custody', 'drug_isolation', 'missing')
                and (gone.kind in ('death', 'cremation', 'missing') or coalesce(gone.to_date, date '9999-12-31') = date '9999-12-31'))
) held
group by held.person_key, held.relative_key
