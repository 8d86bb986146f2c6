/*---
code     = "P17"
version  = 1
title    = { zh = "只保个别成员", en = "Only some members covered" }
basis    = ["民发〔2022〕83号 一(一)", "民发〔2021〕57号 第8条"]
subject  = "application"
to       = "U"
needs    = ["benefit", "household_member", "register.hospital"]
why      = { zh = "低保以家庭为单位；只保个别人，家里其他困难成员就被落下了。", en = "The allowance is for the household; where only some are covered, others of the family who need it are left out." }
remedy   = { zh = "按共同生活家庭成员重新核定保障人口和金额。", en = "Count the people who live together and set persons covered and amount anew." }
blind_to = { zh = "不知道谁没有被保，只比较人数；没有申请编号的待遇由 P16 判断。已享受特困、孤儿或事实无人抚养待遇的成员不计。", en = "Compares numbers and cannot tell who was left out; a benefit without an application is P16's matter. Members with extreme-poverty, orphan or unsupported-child support of their own are not counted." }
says     = { zh = "待遇 {benefit_id} 保障 {covered_persons} 人，家庭计入救助的成员 {n_members} 人。", en = "Benefit {benefit_id} covers {covered_persons} of {n_members} members counted." }
clears   = { zh = "更正保障人口或成员计入标志；或终止待遇。", en = "Persons covered or the members counted are corrected, or the benefit ends." }

[touches]
benefit = "application_id"
household_member = "select benefit.application_id from facts.benefit_version benefit where benefit.household_id = any(:household_id)"
person = "select benefit.application_id from facts.household_member member join facts.benefit_version benefit on benefit.household_id = member.household_id where member.person_id = any(:person_id)"
register = "select benefit.application_id from facts.identity identity join facts.household_member member on member.person_id = identity.person_id join facts.benefit_version benefit on benefit.household_id = member.household_id where identity.person_key = any(:id_number_key) union select benefit.application_id from facts.household_member member join facts.benefit_version benefit on benefit.household_id = member.household_id where member.person_id = any(:person_id)"
---*/
-- A lawful single-person entry (article 8: severe disability or major illness) covers one person of a household by intent.
select
    entry.application_id as subject_key, entry.benefit_id as item, entry.yellow_at, entry.until_at,
    entry.region_code, entry.programme, entry.benefit_id, entry.household_id, entry.covered_persons, entry.n_members,
    entry.start_period, entry.end_period
from (
    select
        benefit.application_id, benefit.benefit_id, benefit.region_code, benefit.programme, benefit.household_id,
        benefit.covered_persons, benefit.start_period, benefit.end_period,
        coalesce(cast(cast(benefit.start_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai', benefit.event_at)
            as yellow_at,
        (cast(cast(benefit.end_period || '-01' as date) as timestamp) + interval '1 month') at time zone 'Asia/Shanghai' as until_at,
        (
            select count(distinct member.person_id) from facts.household_member member
            where member.household_id = benefit.household_id and member.counted and member.to_date is null and member.to_date_known
                and not exists (
                    select 1 from facts.benefit own
                    where own.person_id = member.person_id and own.programme in ('tekun', 'orphan', 'unsupported_child')
                        and own.end_period is null and own.end_period_known)
        ) as n_members,
        case when benefit.covered_persons = 1 then exists (
            select 1 from facts.household_member member
            join facts.person human on human.person_id = member.person_id
            where member.household_id = benefit.household_id
                and member.person_id = coalesce(benefit.person_id, member.person_id)
                and (human.disability_grade in (1, 2)
                    or (human.disability_grade = 3 and human.disability_category in ('5', '6'))
                    or exists (
                        select 1 from facts.register ill
                        where ill.person_key = human.person_key and ill.kind = 'hospital'))
        ) else false end as is_single_entry
    from facts.benefit benefit
    where benefit.programme = 'dibao' and benefit.covered_persons >= 0
) entry
where entry.covered_persons < entry.n_members and not entry.is_single_entry
