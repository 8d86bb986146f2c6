/*---
code     = "E15"
version  = 1
title    = { zh = "高龄津贴年龄不符", en = "Age allowance too early" }
basis    = ["地方规定（多数地方自年满八十周岁起）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "person"]
why      = { zh = "高龄津贴从规定的年龄起发；早发的多半是年龄登记错了。", en = "The allowance begins at a set age; paid earlier, an age is mostly recorded wrongly." }
remedy   = { zh = "核对身份证件和户口年龄，更正登记，多发的以后冲抵。", en = "Compare the identity card with the register, mend the age, and offset what was too much." }
blind_to = { zh = "起发年龄是参数；证件号码不合规、出生日期不详的不判断。定时统计。", en = "The age is a parameter; silent where the number is not valid or the birth unknown. Counted by the clock." }
says     = { zh = "{first_period} 起发放，{starts_on} 才满 {min_age} 周岁；申报出生与证件号码一致：{births_agree}。", en = "Paid from {first_period} on; {min_age} years are reached on {starts_on}; stated birth and number agree: {births_agree}." }
clears   = { zh = "更正出生日期或起发月份；满规定年龄后，起发年龄的问题自行消除。", en = "Birth or first month is corrected; once the age is reached that part ends by itself." }

[params]
min_age = 80

[override_by]
region = "own.region_code"
on = "cast(own.from_period || '-01' as date)"

[touches]
benefit = "*"
household_member = "*"
person = "*"
---*/
select
    held.person_key as subject_key, '' as item,
    min(cast(cast(held.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai') as yellow_at,
    min(case when held.births_agree then cast(date_trunc('month', held.starts_on) as timestamp) at time zone 'Asia/Shanghai' end) as until_at,
    min(held.region_code) as region_code, min(held.benefit_id) as benefit_id, min(held.from_period) as first_period, min(held.starts_on) as starts_on,
    min(held.min_age) as min_age, bool_and(held.births_agree) as births_agree
from (
    select
        own.*, cast(:min_age as int) as min_age, cast(own.born_on + cast(:min_age as int) * interval '1 year' as date) as starts_on
    from (
        select
            given.person_key, given.benefit_id, given.region_code, given.from_period, coalesce(human.id_birth_date, human.birth_date) as born_on,
            coalesce(human.birth_date = human.id_birth_date, true) as births_agree
        from facts.received given
        join facts.identity me on me.person_key = given.person_key
        join facts.person human on human.person_id = me.person_id
        where given.programme = 'old_age' and coalesce(human.id_birth_date, human.birth_date) is not null and coalesce(human.id_valid, true)
    ) own
) held
where to_char(held.starts_on, 'YYYY-MM') > held.from_period or not held.births_agree
group by held.person_key
