/*---
code     = "E17"
version  = 2
title    = { zh = "超高龄存活核实", en = "Very old, no proof of life" }
basis    = ["审计方法：百岁以上长期无探访、就医记录的核实存活"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "person", "visit", "register.hospital"]
why      = { zh = "年过百岁，半年没有探访、就医等任何存活迹象：要上门看一看，人好不好。", en = "Over a hundred years old and no visit, doctor or other sign of life for half a year: somebody should go and see how they are." }
remedy   = { zh = "上门探访；健在的补记探访，去世的依法处理。", en = "Visit them; if well, record the visit, if they have died follow the law." }
blind_to = { zh = "只看探访和住院登记；其他生活迹象看不到。定时统计。", en = "Sees visits and hospital records, no other signs. Counted by the clock." }
says     = { zh = "年满 {age} 周岁，最近一次存活记录 {last_seen_on}。", en = "Aged {age}; last sign of life {last_seen_on}." }
clears   = { zh = "登记探访或就医记录，或更正出生日期。", en = "A visit or hospital record is entered, or the birth corrected." }

[params]
limit = 100         # years
months = 6          # without a sign of life

[override_by]
region = "own.region_code"
programme = "own.programme"

[touches]
benefit = "*"
household_member = "*"
person = "*"
visit = "*"
register = "*"
workday = "*"
---*/
select
    held.person_key as subject_key, '' as item,
    cast(max(greatest(held.hundred_on, cast(coalesce(held.last_seen_on, held.start_on) + held.silent_months * interval '1 month' as date))) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    min(held.region_code) as region_code, min(held.benefit_id) as benefit_id, min(held.programme) as programme, max(held.limit_age) as age,
    max(held.last_seen_on) as last_seen_on
from (
    select
        own.*, cast(:limit as int) as limit_age, cast(:months as int) as silent_months,
        cast(own.born_on + cast(:limit as int) * interval '1 year' as date) as hundred_on
    from (
        select
            given.person_key, given.benefit_id, given.programme, given.region_code, cast(given.from_period || '-01' as date) as start_on,
            coalesce(human.id_birth_date, human.birth_date) as born_on,
            (select max(calendar.day) from facts.working_day calendar where calendar.calendar = 'CN') as last_day,
            greatest((
                select max(cast(seen.visited_at at time zone 'Asia/Shanghai' as date)) from facts.visit seen
                where seen.person_id = me.person_id or coalesce(seen.person_id, '') = '' and seen.household_id = given.household_id
            ), (
                select max(coalesce(ill.to_date, ill.from_date, ill.as_of)) from facts.register ill
                where ill.person_key = given.person_key and ill.kind = 'hospital')) as last_seen_on
        from facts.received given
        join facts.identity me on me.person_key = given.person_key
        join facts.person human on human.person_id = me.person_id
        where given.to_period = '9999-12' and given.programme <> 'temporary_aid'
            and not exists (select 1 from facts.register gone where gone.person_key = given.person_key and gone.kind in ('death', 'cremation'))
    ) own
    where own.born_on <= own.last_day - cast(:limit as int) * interval '1 year'
) held
group by held.person_key
