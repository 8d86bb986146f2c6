/*---
code     = "E14"
version  = 2
title    = { zh = "护理补贴等级或证件失效", en = "Disability certificate mismatch" }
basis    = ["国发〔2015〕52号"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "person", "register.disability_certificate"]
why      = { zh = "重度残疾人护理补贴按残疾证发放；等级不符或者证件过期，补贴就没有依据。", en = "The care subsidy follows the certificate; with another grade or after it expired it has no ground." }
remedy   = { zh = "提醒本人换证、复评；符合条件的不因证件过期长期停发。", en = "Remind the person to renew or be assessed again; who still qualifies must not go without for long because a card expired." }
blind_to = { zh = "有残疾证登记的以最新的证为准，否则任何一个系统的人口记录符合的即为符合；残疾类别、等级、有效期没有报送的不判断；当地对智力、精神三四级另有规定的由参数补充。定时统计。", en = "The newest certificate of the register counts; without one any record of the person that fits is enough. Silent where category, grade or validity was not sent; grades three and four of categories five and six are a parameter. Counted by the clock." }
says     = { zh = "{programme}：残疾类别 {disability_category}、等级 {disability_grade}，证件有效至 {certificate_valid_to}；问题：{what}。", en = "{programme}: disability category {disability_category}, grade {disability_grade}, certificate valid to {certificate_valid_to}: {what}." }
clears   = { zh = "残疾证更新，待遇终止，或更正登记。", en = "The certificate is renewed, the benefit ends, or the record is corrected." }

[params]
mental_grade = 2    # of categories 5 and 6 this grade and those below are allowed

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
-- A human may have a record in every system: one that fits is enough (bool_and passes over those that tell no grade).
select
    held.person_key as subject_key, held.programme as item, min(held.from_at) as yellow_at, min(held.region_code) as region_code,
    min(held.benefit_id) as benefit_id, held.programme, min(held.disability_category) as disability_category, min(held.disability_grade) as disability_grade,
    min(held.certificate_valid_to) as certificate_valid_to, min(held.what) as what
from (
    select
        judged.*,
        case when judged.wrong_grade then 'GRADE' else 'EXPIRED' end as what,
        cast(case when judged.wrong_grade then cast(judged.from_period || '-01' as date)
            else greatest(cast(judged.from_period || '-01' as date), judged.expired_on) end as timestamp) at time zone 'Asia/Shanghai' as from_at
    from (
        select
            told.person_key, told.benefit_id, told.programme, told.region_code, told.from_period, told.to_period,
            min(told.disability_category) as disability_category, min(told.disability_grade) as disability_grade,
            max(told.certificate_valid_to) as certificate_valid_to,
            cast(date_trunc('month', max(told.certificate_valid_to)) + interval '1 month' as date) as expired_on,
            told.programme = 'disability_care' and bool_and(told.disability_grade not in (1, 2) and not told.allowed_here) as wrong_grade
        from (
            select
                own.person_key, own.benefit_id, own.programme, own.region_code, own.from_period, own.to_period,
                coalesce(coalesce(latest.category, human.disability_category, '5') in ('5', '6')
                    and coalesce(latest.grade, human.disability_grade) <= :mental_grade, false) as allowed_here,
                coalesce(latest.category, human.disability_category) as disability_category,
                coalesce(latest.grade, human.disability_grade) as disability_grade,
                coalesce(latest.valid_to, human.disability_valid_to) as certificate_valid_to
            from facts.received own
            join facts.identity me on me.person_key = own.person_key
            join facts.person human on human.person_id = me.person_id
            left join (
                select card.person_key, card.category, card.grade, card.valid_to,
                    row_number() over (partition by card.person_key order by card.as_of desc nulls last, card.record_id desc) as newest
                from facts.register_detail card where card.kind = 'disability_certificate'
            ) latest on latest.person_key = own.person_key and latest.newest = 1
            where own.programme in ('disability_living', 'disability_care')
        ) told
        group by told.person_key, told.benefit_id, told.programme, told.region_code, told.from_period, told.to_period
    ) judged
    where coalesce(judged.wrong_grade, false) or to_char(judged.expired_on, 'YYYY-MM') <= judged.to_period
) held
group by held.person_key, held.programme
