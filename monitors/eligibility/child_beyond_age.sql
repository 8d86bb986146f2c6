/*---
code     = "E19"
version  = 1
title    = { zh = "儿童超龄仍享受", en = "Child programme beyond age" }
basis    = ["民发〔2021〕43号 第24条", "关于进一步加强事实无人抚养儿童保障工作的意见"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "person", "register.school"]
why      = { zh = "年满十八周岁、不在规定的就读期内，仍按儿童待遇发放。", en = "Eighteen, not in schooling that prolongs it, and still paid as a child." }
remedy   = { zh = "核实就读情况；毕业的按程序停发，并看是否符合其他救助。", en = "Verify schooling; after graduation end it by the procedure and see what other aid applies." }
blind_to = { zh = "就读登记没有报送的会误报；出生日期不详的不判断。定时统计。", en = "Where schooling was not sent it is noticed as well; silent without a birth date. Counted by the clock." }
says     = { zh = "{born_on_year} 年出生，{from_on} 起不再符合儿童待遇的年龄或就读条件。", en = "Born {born_on_year}; from {from_on} on neither age nor schooling qualifies." }
clears   = { zh = "补充就读登记，待遇终止，或更正出生日期。", en = "Schooling is put on record, the benefit ends, or the birth corrected." }

[touches]
benefit = "*"
household_member = "*"
person = "*"
register = "*"
---*/
select
    held.person_key as subject_key, held.programme as item, cast(min(held.from_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    min(held.region_code) as region_code, min(held.benefit_id) as benefit_id, held.programme, min(held.from_on) as from_on,
    min(extract(year from held.born_on)) as born_on_year
from (
    select
        born.*, greatest(born.start_on, coalesce(born.school_until, cast(born.born_on + interval '18 years' as date)), cast(born.born_on + interval '18 years' as date)) as from_on
    from (
        select
            own.person_key, own.benefit_id, own.programme, own.region_code, own.to_period, cast(own.from_period || '-01' as date) as start_on,
            coalesce(human.id_birth_date, human.birth_date) as born_on,
            (
                select max(coalesce(pupil.to_date, date '9999-12-30')) + 1 from facts.register pupil
                where pupil.person_key = own.person_key and pupil.kind = 'school'
                    and coalesce(pupil.from_date, date '1900-01-01') <= coalesce(human.id_birth_date, human.birth_date) + interval '18 years'
            ) as school_until
        from facts.received own
        join facts.identity me on me.person_key = own.person_key
        join facts.person human on human.person_id = me.person_id
        where own.programme in ('orphan', 'unsupported_child') and coalesce(human.id_birth_date, human.birth_date) is not null
    ) born
) held
where held.from_on < date '9999-01-01' and to_char(held.from_on, 'YYYY-MM') <= held.to_period
group by held.person_key, held.programme
