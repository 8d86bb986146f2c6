/*---
code     = "E13"
version  = 2
title    = { zh = "特困义务人具备能力", en = "Obligor may be able" }
basis    = ["民发〔2021〕43号 第8条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "kinship"]
spared_by = ["register.death", "register.cremation", "register.missing", "register.custody", "register.drug_isolation", "register.disability_certificate"]
why      = { zh = "特困人员登记有法定义务人，而义务人不在规定的无履行能力情形之内。", en = "Somebody legally bound to support the person is on record, and none of the grounds for being unable is." }
remedy   = { zh = "核查义务人的实际能力和履行情况；确无能力的补充依据。", en = "Find what the obligor can and does do; where they are unable put the ground on record." }
blind_to = { zh = "只认得登记了的配偶、父母、子女；义务人收入没有数据，无民事行为能力只在登记写明时知道，所以只作核查提示。定时统计。", en = "Knows spouses, parents and children on record; has not their income, and legal incapacity only where a register says it, so it is a hint to look. Counted by the clock." }
says     = { zh = "登记有{relation} {relative_id}，没有重残、无民事行为能力、高龄低收入、特困、失踪或服刑的记录。", en = "A {relation} ({relative_id}) is on record, without severe disability, incapacity, old age on low income, extreme poverty, absence or custody." }
clears   = { zh = "补充义务人无履行能力的依据，或更正亲属登记；享受低保的义务人年满六十周岁、低收入的年满七十周岁即消除。", en = "The ground for being unable is put on record, or kinship is corrected; it ends when an obligor on dibao turns sixty, one on low income seventy." }

[touches]
person = "*"
household = "*"
household_member = "*"
benefit = "*"
kinship = "*"
register = "*"
---*/
-- 民发〔2021〕43号 art. 8. An obligor counts from eighteen on, and no longer from the age at which their low income makes them unable:
-- as of now, not of the day the benefit began. Any record of the same human may tell why.
select
    bound.person_key as subject_key, min(bound.relative_id) as item,
    cast(min(bound.from_on) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    cast(min(bound.unable_on) as timestamp) at time zone 'Asia/Shanghai' as until_at, min(bound.region_code) as region_code,
    min(bound.benefit_id) as benefit_id, min(bound.relation) as relation, min(bound.relative_id) as relative_id
from (
    select
        kin.*, greatest(kin.start_on, cast(kin.born_on + interval '18 years' as date)) as from_on,
        cast(kin.born_on + kin.unable_age * interval '1 year' as date) as unable_on
    from (
        select
            own.person_key, own.benefit_id, own.region_code, cast(own.from_period || '-01' as date) as start_on, kin.relation, kin.relative_id,
            other.person_key as relative_key, (
                select coalesce(min(told.id_birth_date), min(told.birth_date)) from facts.identity same join facts.person told on told.person_id = same.person_id
                where same.person_key = other.person_key) as born_on, (
                select min(case when aided.programme = 'dibao' then 60 else 70 end) from facts.received aided
                where aided.person_key = other.person_key and aided.to_period = '9999-12'
                    and aided.programme in ('dibao', 'dibao_margin', 'rigid_expense')) as unable_age
        from facts.received own
        join facts.identity me on me.person_key = own.person_key
        join facts.kin kin on kin.person_id = me.person_id and kin.relation in ('spouse', 'parent', 'child')
        join facts.identity other on other.person_id = kin.relative_id and other.person_key <> own.person_key
        where own.programme = 'tekun' and own.to_period = '9999-12'
            and not exists (
                select 1 from facts.identity same join facts.person told on told.person_id = same.person_id
                where same.person_key = other.person_key
                    and (told.disability_grade in (1, 2) or told.disability_category in ('5', '6') and told.disability_grade = 3))
            and not exists (
                select 1 from facts.register_detail told where told.person_key = other.person_key
                    and (told.incapable or told.kind in ('death', 'cremation', 'missing')
                        or told.kind in ('custody', 'drug_isolation') and coalesce(told.to_date, date '9999-12-31') >= date '9999-12-31'
                        or told.kind = 'disability_certificate'
                            and (told.grade in (1, 2) or told.category in ('5', '6') and told.grade = 3)))
            and not exists (
                select 1 from facts.received aided
                where aided.person_key = other.person_key and aided.to_period = '9999-12' and aided.programme = 'tekun')
    ) kin
) bound
where bound.born_on is not null and coalesce(bound.unable_on > bound.from_on, true)
group by bound.person_key, bound.relative_key
