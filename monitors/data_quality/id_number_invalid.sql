/*---
code     = "Q01"
version  = 1
title    = { zh = "身份证号校验错误", en = "ID number fails its check" }
basis    = ["GB 11643-1999 公民身份号码"]
subject  = "person"
to       = "U"
why      = { zh = "号码通不过校验，这个人就无法与死亡、婚姻、财产等登记比对，既可能漏发，也可能重复享受。", en = "A number that fails its check matches no register: a death may be missed, and so may somebody who is owed support." }
remedy   = { zh = "对照身份证件更正号码。", en = "Correct the number from the identity card." }
blind_to = { zh = "通过校验的错号；港澳台居民居住证和外国人永久居留证的号码不判断。无法按单位计算错误比例：人员记录没有报送录入单位。", en = "A wrong number that passes the check; permits of Hong Kong, Macao and Taiwan residents and foreigners' cards are not judged. No share per unit: records of persons do not say which unit entered them." }
says     = { zh = "身份证号 {id_number_mask} 校验不通过（{id_fault}），涉及 {records} 条人员记录。", en = "ID number {id_number_mask} fails its check ({id_fault}); {records} record(s) of persons hold it." }
clears   = { zh = "号码更正后通过校验。", en = "The number is corrected and passes the check." }

[touches]
person = "person_key"
---*/
select p.person_key as subject_key, '' as item,
    min(p.event_at) as notice_at,
    min(coalesce(p.hukou_region, p.residence_region)) as region_code,
    min(p.id_number_mask) as id_number_mask, min(p.id_fault) as id_fault,
    count(*) as records, min(p.person_id) as person_id
from facts.person p
where not p.id_valid
group by p.person_key
