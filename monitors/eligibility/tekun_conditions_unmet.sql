/*---
code     = "E12"
version  = 1
title    = { zh = "特困年龄残疾条件不符", en = "Extreme-poverty conditions not met" }
basis    = ["民发〔2021〕43号 第5条、第24条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "person", "register.school"]
why      = { zh = "特困供养有年龄和残疾条件；不满六十周岁又没有规定的残疾，可能是残疾登记滞后，也可能不再符合。", en = "Support for extreme poverty asks for an age or a disability; without either the record may lag, or the ground may be gone." }
remedy   = { zh = "核实残疾证和就读情况；恢复能力的按程序终止，并转其他救助。", en = "Verify the certificate and schooling; where the ability is regained end it by the procedure and lead over to other aid." }
blind_to = { zh = "残疾类别、等级没有报送的不判断；多重残疾按等级判断；各省另有规定的类别由参数补充。定时统计。", en = "Silent where category and grade were not sent; multiple disability goes by its grade; categories a province adds are a parameter. Counted by the clock." }
says     = { zh = "自 {from_on} 起年龄 {age} 岁，残疾类别 {disability_category}、等级 {disability_grade}，不在规定范围。", en = "From {from_on} on: age {age}, disability category {disability_category}, grade {disability_grade}, outside what the rule allows." }
clears   = { zh = "更正出生日期、残疾或就读登记，或待遇终止；年满六十周岁起符合。", en = "Birth, disability or schooling is corrected, the benefit ends, or the person turns sixty." }

[params]
extra_categories = ["none"]   # category/grade a province adds, such as "2/1"

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "cast(own.from_period || '-01' as date)"

[touches]
benefit = "*"
household_member = "*"
person = "*"
register = "*"
---*/
select
    held.person_key as subject_key, '' as item, cast(min(held.from_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    cast(min(held.sixty_on) as timestamp) at time zone 'Asia/Shanghai' as until_at, min(held.region_code) as region_code, min(held.benefit_id) as benefit_id,
    min(held.from_on) as from_on, cast(extract(year from age(min(held.from_on), min(held.born_on))) as int) as age,
    min(held.disability_category) as disability_category, min(held.disability_grade) as disability_grade
from (
    select
        born.*, cast(born.born_on + interval '60 years' as date) as sixty_on,
        greatest(born.start_on, coalesce(born.school_until, cast(born.born_on + interval '16 years' as date))) as from_on
    from (
        select
            own.person_key, own.benefit_id, own.region_code, own.to_period, cast(own.from_period || '-01' as date) as start_on,
            coalesce(human.id_birth_date, human.birth_date) as born_on, human.disability_category, human.disability_grade,
            (
                select max(coalesce(pupil.to_date, date '9999-12-31')) + 1 from facts.register_detail pupil
                where pupil.person_key = own.person_key and pupil.kind = 'school'
                    and coalesce(pupil.to_date, date '9999-12-30') < date '9999-12-31'
                    and coalesce(pupil.from_date, date '1900-01-01') <= coalesce(human.id_birth_date, human.birth_date) + interval '18 years'
                    and coalesce(pupil.to_date, date '9999-12-30') >= coalesce(human.id_birth_date, human.birth_date) + interval '16 years'
            ) as school_until
        from facts.received own
        join facts.identity me on me.person_key = own.person_key
        join facts.person human on human.person_id = me.person_id
        where own.programme = 'tekun' and human.disability_category_known and human.disability_grade_known
            and coalesce(human.id_birth_date, human.birth_date) is not null
            and not coalesce(human.disability_category in ('5', '6') and human.disability_grade between 1 and 3
                or human.disability_category = '4' and human.disability_grade between 1 and 2
                or human.disability_category = '1' and human.disability_grade = 1
                or human.disability_category = '7' and human.disability_grade between 1 and 2
                or human.disability_category || '/' || human.disability_grade = any(:extra_categories), false)
    ) born
) held
where held.from_on < held.sixty_on and held.from_on < date '9999-01-01' and to_char(held.from_on, 'YYYY-MM') <= held.to_period
group by held.person_key
