/*---
code     = "F21"
version  = 1
title    = { zh = "集中供养资金重复", en = "Institution and personal payment overlap" }
basis    = ["民发〔2021〕43号", "审计重点：集中供养人员资金同时发放个人账户"]
subject  = "benefit"
to       = "U"
scope    = "all"
needs    = ["payment", "account"]
why      = { zh = "集中供养的生活费由机构使用；同一个月又打进个人账户，就是发了两份。", en = "The living allowance of a resident goes to the institution; paid into a personal account in the same month as well, it is paid twice." }
remedy   = { zh = "核对供养方式和当月名册，多发的退回；机构在住人数与名册不符的一并核对。", en = "Compare the way of support with the month's lists, return what was too much, and compare the residents with the list." }
blind_to = { zh = "供养方式没有专门字段，以发放账户登记为机构账户为准；机构在住人数、住院和外出没有数据。定时统计。", en = "There is no field for the way of support: an account on record as an institution's tells it; heads in the house, hospital stays and absences are not known. Counted by the clock." }
says     = { zh = "{pay_period} 特困供养金既发入机构账户（{institution_fen}），又发入个人账户（{personal_fen}）。", en = "Support for {pay_period} went into an institution's account ({institution_fen}) and into a personal one ({personal_fen}) as well." }
clears   = { zh = "当月只保留一处发放，其余退回或冲销；或更正账户性质。", en = "One of them is returned or reversed, or a wrong role of the account corrected." }

[touches]
payment = "*"
account = "*"
---*/
select
    month.benefit_id as subject_key, month.period as item, greatest(month.institution_at, month.personal_at) as yellow_at,
    month.personal_fen as amount_at_risk_fen, month.region_code, month.period as pay_period, month.institution_fen, month.personal_fen
from (
    select
        line.benefit_id, line.period, min(line.region_code) as region_code,
        min(case when line.of_institution then line.judged_at end) as institution_at,
        min(case when not line.of_institution then line.judged_at end) as personal_at,
        cast(sum(case when line.of_institution then line.amount_fen end) as bigint) as institution_fen,
        cast(sum(case when not line.of_institution then line.amount_fen end) as bigint) as personal_fen
    from (
        select
            payment.benefit_id, payment.period, payment.region_code, payment.judged_at, payment.amount_fen,
            exists (
                select 1 from facts.account_version held
                where held.account_key = payment.account_key and held.holder_role = 'institution' and held.from_at <= payment.judged_at
                    and coalesce(held.to_at, timestamptz '9999-12-31 00:00:00+00') > payment.judged_at
            ) as of_institution
        from facts.payment payment
        where payment.programme = 'tekun' and payment.kind = 'regular' and coalesce(payment.status, 'submitted') in ('submitted', 'paid')
            and payment.benefit_id is not null and payment.account_key is not null
    ) line
    group by line.benefit_id, line.period
) month
where month.institution_at is not null and month.personal_at is not null
