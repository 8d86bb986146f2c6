/*---
code     = "E12"
version  = 2
title    = { zh = "特困年龄残疾条件不符", en = "Extreme-poverty conditions not met" }
basis    = ["民发〔2021〕43号 第5条、第24条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "person", "register.school", "register.disability_certificate"]
why      = { zh = "特困供养有年龄和残疾条件；不满六十周岁又没有规定的残疾，可能是残疾登记滞后，也可能不再符合。", en = "Support for extreme poverty asks for an age or a disability; without either the record may lag, or the ground may be gone." }
remedy   = { zh = "核实残疾证和就读情况；恢复能力的按程序终止，并转其他救助。", en = "Verify the certificate and schooling; where the ability is regained end it by the procedure and lead over to other aid." }
blind_to = { zh = "任何一个系统的人口记录或残疾证符合的即为符合；残疾类别、等级没有报送或不全的不判断；未成年人可享受至十八周岁，在校的至毕业，没有就学登记报送的二十二周岁前不判断；多重残疾按等级判断；各省另有规定的类别由参数补充。定时统计。", en = "Any record of the person, of whatever system, or a certificate that fits is enough; silent where category and grade were not sent or only one of them; minors may have it until eighteen and in school beyond: until twenty-two silent where no school register is reported; multiple disability goes by its grade; categories a province adds are a parameter. Counted by the clock." }
says     = { zh = "自 {from_on} 起年龄 {age} 岁，残疾类别 {disability_category}、等级 {disability_grade}，不在规定范围。", en = "From {from_on} on: age {age}, disability category {disability_category}, grade {disability_grade}, outside what the rule allows." }
clears   = { zh = "更正出生日期、残疾或就读登记，或待遇终止；年满六十周岁起符合。", en = "Birth, disability or schooling is corrected, the benefit ends, or the person turns sixty." }

[params]
extra_categories = ["none"]   # category/grade a province adds, such as "2/1"
school_age = 22               # up to this age somebody may still be in school

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
-- 民发〔2021〕43号 art. 24: minors keep it until eighteen, and beyond while in compulsory or upper secondary school.
select
    held.person_key as subject_key, '' as item, cast(min(held.from_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    cast(min(held.sixty_on) as timestamp) at time zone 'Asia/Shanghai' as until_at, min(held.region_code) as region_code, min(held.benefit_id) as benefit_id,
    min(held.from_on) as from_on, cast(extract(year from age(min(held.from_on), min(held.born_on))) as int) as age,
    min(held.disability_category) as disability_category, min(held.disability_grade) as disability_grade
from (
    select
        born.*, cast(born.born_on + interval '60 years' as date) as sixty_on,
        greatest(born.start_on, cast(born.born_on + case when heard.schools > 0 then 18 else born.school_age end * interval '1 year' as date), (
            select max(coalesce(pupil.to_date, date '9999-12-30')) + 1 from facts.register_detail pupil
            where pupil.person_key = born.person_key and pupil.kind = 'school'
                and coalesce(pupil.from_date, date '1900-01-01') <= born.born_on + born.school_age * interval '1 year'
                and coalesce(pupil.to_date, date '9999-12-30') >= born.born_on + interval '16 years')) as from_on
    from (
        select
            told.person_key, told.benefit_id, min(told.region_code) as region_code, max(told.to_period) as to_period, min(told.start_on) as start_on,
            coalesce(min(told.id_birth_date), min(told.birth_date)) as born_on, min(told.disability_category) as disability_category,
            min(told.disability_grade) as disability_grade, max(told.school_age) as school_age
        from (
            select
                own.person_key, own.benefit_id, own.region_code, own.to_period, cast(own.from_period || '-01' as date) as start_on,
                human.id_birth_date, human.birth_date, human.disability_category, human.disability_grade, human.whole,
                cast(:school_age as int) as school_age,
                coalesce(human.disability_category in ('5', '6') and human.disability_grade between 1 and 3
                    or human.disability_category = '4' and human.disability_grade between 1 and 2
                    or human.disability_category = '1' and human.disability_grade = 1
                    or human.disability_category = '7' and human.disability_grade between 1 and 2
                    or human.disability_category || '/' || human.disability_grade = any(:extra_categories), false) as fits,
                (human.disability_category is not null) <> (human.disability_grade is not null) as half_told
            from facts.received own
            join (
                select me.person_key, one.id_birth_date, one.birth_date, one.disability_category, one.disability_grade,
                    one.disability_category_known and one.disability_grade_known as whole
                from facts.identity me join facts.person one on one.person_id = me.person_id
                union all
                select card.person_key, null, null, card.category, card.grade, false
                from facts.register_detail card where card.kind = 'disability_certificate'
            ) human on human.person_key = own.person_key
            where own.programme = 'tekun'
        ) told
        group by told.person_key, told.benefit_id
        having count(case when told.fits or told.half_told then 1 end) = 0 and count(case when told.whole or told.disability_grade is not null then 1 end) > 0
            and coalesce(min(told.id_birth_date), min(told.birth_date)) is not null
    ) born
    cross join (
        select count(*) as schools from facts.source_state heard where heard.entity = 'register' and heard.kind = 'school'
    ) heard
) held
where held.from_on < held.sixty_on and held.from_on < date '9999-01-01' and to_char(held.from_on, 'YYYY-MM') <= held.to_period
group by held.person_key
