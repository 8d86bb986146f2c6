/*---
code     = "F21"
version  = 2
title    = { zh = "集中供养资金重复", en = "Institution and personal payment overlap" }
basis    = ["民发〔2021〕43号", "审计重点：集中供养人员资金同时发放个人账户"]
subject  = "benefit"
to       = "U"
scope    = "all"
needs    = ["payment", "account", "visit", "register.hospital"]
why      = { zh = "集中供养的生活费由机构使用；同一个月又打进个人账户，就是发了两份；人住院一个多月没有报告，机构还在领，要核对人在哪里。", en = "The living allowance of a resident goes to the institution; paid into a personal account in the same month as well, it is paid twice; while a resident is in hospital for over a month and nobody said so, somebody should find where they are." }
remedy   = { zh = "核对供养方式和当月名册，多发的退回；机构在住人数与名册不符的一并核对。", en = "Compare the way of support with the month's lists, return what was too much, and compare the residents with the list." }
blind_to = { zh = "供养方式没有专门字段，以发放账户登记为机构账户为准；机构在住人数和外出没有数据；住院只看医保登记，住院以后有办理环节、核查或探访记录的视为已报告。定时统计。", en = "There is no field for the way of support: an account on record as an institution's tells it; heads in the house and absences are not known; of hospital stays it sees the register, and takes any step, review or visit after its first day for a report. Counted by the clock." }
says     = { zh = "{what}：{pay_period} 特困供养金发入机构账户 {institution_fen}、个人账户 {personal_fen}；住院自 {first_on} 起 {days} 天。", en = "{what}: support for {pay_period} went into an institution's account ({institution_fen}), into a personal one {personal_fen}; in hospital since {first_on}, {days} days." }
clears   = { zh = "当月只保留一处发放，其余退回或冲销；或更正账户性质；住院的登记核查、探访，或更正住院登记。", en = "One of them is returned or reversed, or a wrong role of the account corrected; of a stay in hospital a review or visit is entered, or the register corrected." }

[params]
limit = 30          # calendar days in hospital

[override_by]
region = "held.region_code"
on = "ill.from_date"

[touches]
payment = "*"
account = "*"
benefit = "*"
household_member = "*"
person = "*"
register = "*"
stage = "*"
visit = "*"
---*/
-- Of a stay in hospital that is still on, nothing is known after the day the register speaks of. Reported counts whatever shows that
-- somebody in charge knows: a step of the case, a review, a visit.
select
    told.benefit_id as subject_key, told.item, min(told.yellow_at) as yellow_at, min(told.personal_fen) as amount_at_risk_fen,
    min(told.region_code) as region_code, min(told.period) as pay_period, min(told.what) as what,
    max(told.institution_fen) as institution_fen, min(told.personal_fen) as personal_fen, max(told.days) as days, min(told.first_on) as first_on
from (
    select
        month.benefit_id, month.region_code, month.period, month.institution_fen, kind.what,
        case when kind.what = 'BOTH_PAID' then month.period else 'HOSPITAL/' || cast(stay.from_date as text) end as item,
        case when kind.what = 'BOTH_PAID' then month.personal_fen end as personal_fen,
        case when kind.what = 'BOTH_PAID' then greatest(month.institution_at, month.personal_at)
            else greatest(month.institution_at, cast(stay.from_date + stay.limit_days + 1 as timestamp) at time zone 'Asia/Shanghai') end as yellow_at,
        stay.until_on - stay.from_date as days, stay.from_date as first_on
    from (
        select
            line.benefit_id, line.period, cast(line.period || '-01' as date) as first_on, min(line.region_code) as region_code,
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
    cross join (values ('BOTH_PAID'), ('IN_HOSPITAL')) kind (what)
    left join (
        select
            held.benefit_id, ill.from_date, cast(:limit as int) as limit_days,
            coalesce(ill.to_date, case when ill.to_date_known then ill.as_of end) as until_on
        from facts.received held
        join facts.benefit benefit on benefit.benefit_id = held.benefit_id
        join facts.register ill on ill.person_key = held.person_key and ill.kind = 'hospital'
        where held.programme = 'tekun' and held.own = 1 and coalesce(benefit.last_review_on, date '0001-01-01') < ill.from_date
            and not exists (
                select 1 from facts.stage step where step.application_id = held.application_id
                    and step.at >= cast(ill.from_date as timestamp) at time zone 'Asia/Shanghai')
            and not exists (
                select 1 from facts.visit seen join facts.identity me on me.person_id = seen.person_id
                where me.person_key = held.person_key and seen.visited_at >= cast(ill.from_date as timestamp) at time zone 'Asia/Shanghai')
            and not exists (
                select 1 from facts.visit home where home.household_id = held.household_id and coalesce(home.person_id, '') = ''
                    and home.visited_at >= cast(ill.from_date as timestamp) at time zone 'Asia/Shanghai')
    ) stay on kind.what = 'IN_HOSPITAL' and stay.benefit_id = month.benefit_id
        and month.first_on > stay.from_date + stay.limit_days and month.first_on <= stay.until_on
    where month.institution_at is not null and (kind.what = 'BOTH_PAID' and month.personal_at is not null or stay.limit_days >= 0)
) told
group by told.benefit_id, told.item
