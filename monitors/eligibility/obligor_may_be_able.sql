/*---
code     = "E13"
version  = 1
title    = { zh = "特困义务人具备能力", en = "Obligor may be able" }
basis    = ["民发〔2021〕43号 第8条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "kinship", "register.death"]
why      = { zh = "特困人员登记有法定义务人，而义务人不在规定的无履行能力情形之内。", en = "Somebody legally bound to support the person is on record, and none of the grounds for being unable is." }
remedy   = { zh = "核查义务人的实际能力和履行情况；确无能力的补充依据。", en = "Find what the obligor can and does do; where they are unable put the ground on record." }
blind_to = { zh = "只认得登记了的配偶、父母、子女；义务人收入、无民事行为能力没有数据，所以只作核查提示。定时统计。", en = "Knows spouses, parents and children on record; has neither their income nor legal incapacity, so it is a hint to look. Counted by the clock." }
says     = { zh = "登记有{relation} {relative_id}，没有重残、高龄低收入、特困、失踪或服刑的记录。", en = "A {relation} ({relative_id}) is on record, without severe disability, old age on low income, extreme poverty, absence or custody." }
clears   = { zh = "补充义务人无履行能力的依据，或更正亲属登记。", en = "The ground for being unable is put on record, or kinship is corrected." }

[touches]
person = "*"
household = "*"
household_member = "*"
benefit = "*"
kinship = "*"
register = "*"
---*/
select
    bound.person_key as subject_key, min(bound.relative_id) as item, min(bound.from_at) as notice_at, min(bound.region_code) as region_code,
    min(bound.benefit_id) as benefit_id, min(bound.relation) as relation, min(bound.relative_id) as relative_id
from (
    select
        own.person_key, own.benefit_id, own.region_code, kin.relation, kin.relative_id, other.person_key as relative_key,
        greatest(cast(own.from_period || '-01' as date), cast(coalesce(relative.id_birth_date, relative.birth_date) + interval '18 years' as date)) as from_on,
        cast(greatest(cast(own.from_period || '-01' as date), cast(coalesce(relative.id_birth_date, relative.birth_date) + interval '18 years' as date))
            as timestamp) at time zone 'Asia/Shanghai' as from_at
    from facts.received own
    join facts.identity me on me.person_key = own.person_key
    join facts.kin kin on kin.person_id = me.person_id and kin.relation in ('spouse', 'parent', 'child')
    join facts.person relative on relative.person_id = kin.relative_id
    join facts.identity other on other.person_id = kin.relative_id
    where own.programme = 'tekun' and own.to_period = '9999-12' and coalesce(relative.id_birth_date, relative.birth_date) is not null
        and not coalesce(relative.disability_grade in (1, 2), false)
        and not exists (
            select 1 from facts.register gone where gone.person_key = other.person_key
                and (gone.kind in ('death', 'cremation', 'missing') or gone.kind in ('custody', 'drug_isolation') and coalesce(gone.to_date, date '9999-12-31') = date '9999-12-31'))
        and not exists (
            select 1 from facts.received aided where aided.person_key = other.person_key and aided.to_period = '9999-12'
                and (aided.programme = 'tekun'
                    or aided.programme = 'dibao' and coalesce(relative.id_birth_date, relative.birth_date) <= cast(own.from_period || '-01' as date) - interval '60 years'
                    or aided.programme in ('dibao', 'dibao_margin') and coalesce(relative.id_birth_date, relative.birth_date)
                        <= cast(own.from_period || '-01' as date) - interval '70 years'))
) bound
group by bound.person_key, bound.relative_key
