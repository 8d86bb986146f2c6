/*---
code     = "O05"
version  = 1
title    = { zh = "疑似应救未救", en = "Probable under-coverage" }
basis    = ["民发〔2021〕57号 第6条", "国办发〔2023〕39号"]
subject  = "household"
to       = "S"
scope    = "all"
needs    = ["register", "benefit", "application", "household_member", "income_check"]
params   = { standard_percent = 100, illness_yuan = 10000, refusal_months = 6 }
override_by = { region = "need.region_code", on = "need.since_on" }
why      = { zh = "重残、重病、失业、孤老家庭，登记收入低于标准，却没有在享待遇也没有在办申请：可能是不知道、办不了，或者被漏掉。", en = "Severe disability, grave illness, lost work or old age alone, with a registered income below the standard, and neither aid nor a case: they may not know, be unable to apply, or have been missed." }
remedy   = { zh = "上门了解情况，符合条件的告知政策、协助申请；不得因此对本人作任何不利处理。", en = "Visit, explain and help to apply where the conditions hold. Nothing to the person's disadvantage may follow." }
blind_to = { zh = "没有登记的收入和困难；防返贫监测的退出名单尚不能接入；住院登记不区分病种，以费用为准。没有养老金或工资登记可比时不判断。定时统计。", en = "Income and hardship nobody registered; exits from the watch against poverty cannot be sent yet; hospital records do not tell the illness, so the cost counts. Silent where neither pensions nor payrolls are reported. Counted by the clock." }
says     = { zh = "家庭 {household_id} 有 {need}（{since_on} 起），人均登记收入 {income_fen}，当地标准 {standard_fen}，共 {household_size} 人，没有在享待遇和在办申请。", en = "Household {household_id}: {need} since {since_on}, registered income per head {income_fen}, standard {standard_fen}, {household_size} person(s), and neither aid nor a case." }
clears   = { zh = "开始办理或享受待遇，困难情形消除，或登记收入达到标准。", en = "A case is opened or aid begins, the hardship ends, or registered income reaches the standard." }

[touches]
person = "*"
register = "*"
household = "*"
household_member = "*"
benefit = "*"
application = "*"
stage = "*"
income_check = "*"
standard = "*"
region = "*"
---*/
-- Seen from those in need, a few in a hundred. Open ends are asked by >=: said as an equation they are planned for one row in two hundred.
select
    judged.household_id as subject_key, '' as item,
    greatest(judged.since_at, judged.after_aid_at, judged.decided_at + judged.refusal_months * interval '1 month') as notice_at,
    judged.until_at, judged.region_code, cast(null as text) as unit_code, judged.household_id, judged.need, judged.since_on,
    judged.income_fen, judged.standard_fen, judged.household_size
from (
    select distinct on (need.household_id)
        need.*, :refusal_months as refusal_months, :standard_percent as standard_percent, members.household_size, s.standard_fen,
        coalesce(checked.verified_per_capita_fen, case when told.registers > 0 then coalesce(income.told_fen, 0) / members.household_size end) as income_fen,
        cast(need.since_on as timestamp) at time zone 'Asia/Shanghai' as since_at,
        (
            select max(cast(cast(b.end_period || '-01' as date) + interval '1 month' as timestamp) at time zone 'Asia/Shanghai')
            from facts.benefit b where b.household_id = need.household_id and b.end_period is not null) as after_aid_at,
        (
            select max(decided.at) from facts.application a
            join facts.stage decided on decided.application_id = a.application_id
                and decided.stage_code in ('DECIDE', 'REJECT_ACCEPT')
            where a.household_id = need.household_id) as decided_at
    from (
        select m.household_id, h.region_code, h.urban_rural, found.need, found.since_on, found.cost_fen,
            cast(found.until_on + 1 as timestamp) at time zone 'Asia/Shanghai' as until_at
        from (
            select p.person_id, 'disability' as need, cast(p.event_at at time zone 'Asia/Shanghai' as date) as since_on,
                p.disability_valid_to as until_on, cast(null as bigint) as cost_fen
            from facts.person p where p.disability_grade in (1, 2)
            union all
            select i.person_id, 'illness', r.from_date, cast(r.from_date + interval '1 year' as date), coalesce(r.amount_fen, 0)
            from facts.register r join facts.identity i on i.person_key = r.person_key
            where r.kind = 'hospital'
            union all
            select i.person_id, 'unemployment', r.from_date, r.to_date, null
            from facts.register r join facts.identity i on i.person_key = r.person_key
            where r.kind = 'unemployment'
            union all
            select p.person_id, 'alone', cast(coalesce(p.id_birth_date, p.birth_date) + interval '60 years' as date), null, null
            from facts.person p
            join facts.household_member own on own.person_id = p.person_id and coalesce(own.to_date, date '9999-12-31') >= date '9999-12-31'
            join (
                select other.household_id from facts.household_member other
                where coalesce(other.to_date, date '9999-12-31') >= date '9999-12-31' group by other.household_id having count(*) = 1
            ) single on single.household_id = own.household_id
        ) found
        join facts.household_member m on m.person_id = found.person_id and coalesce(m.to_date, date '9999-12-31') >= date '9999-12-31'
        join facts.household h on h.household_id = m.household_id
        join facts.identity human on human.person_id = found.person_id
        where found.since_on is not null and not exists (
            select 1 from facts.register gone where gone.person_key = human.person_key
                and gone.kind in ('death', 'cremation', 'missing', 'custody') and coalesce(gone.to_date, date '9999-12-31') >= date '9999-12-31')
    ) need
    join (
        select m.household_id, count(distinct m.person_id) as household_size
        from facts.household_member m where coalesce(m.to_date, date '9999-12-31') >= date '9999-12-31' group by m.household_id
    ) members on members.household_id = need.household_id
    join (
        select distinct on (p.region_code, rate.urban_rural) p.region_code, rate.urban_rural, rate.monthly_amount_fen as standard_fen
        from facts.region_path p join facts.standard rate on rate.region_code = p.ancestor_code and rate.programme = 'dibao'
        order by p.region_code, rate.urban_rural, p.depth, rate.valid_from desc, rate.standard_id
    ) s on s.region_code = need.region_code and (s.urban_rural = need.urban_rural or s.urban_rural is null)
    left join (
        select distinct on (c.household_id) c.household_id, c.verified_per_capita_fen
        from facts.income_check c where c.verified_per_capita_fen is not null
        order by c.household_id, c.checked_at desc, c.check_id
    ) checked on checked.household_id = need.household_id
    left join (
        select m.household_id, sum(r.amount_fen) as told_fen
        from facts.household_member m
        join facts.identity i on i.person_id = m.person_id
        join facts.register r on r.person_key = i.person_key and r.kind in ('pension', 'payroll', 'unemployment', 'tax', 'business')
        where coalesce(m.to_date, date '9999-12-31') >= date '9999-12-31' and coalesce(r.to_date, date '9999-12-31') >= date '9999-12-31'
        group by m.household_id
    ) income on income.household_id = need.household_id
    cross join (
        select count(*) as registers from facts.source_state heard
        where heard.entity = 'register' and heard.kind in ('pension', 'payroll')
    ) told
    where (need.cost_fen is null or need.cost_fen >= :illness_yuan * 100) and not exists (
            select 1 from facts.benefit b where b.household_id = need.household_id
                and (coalesce(b.end_period, '9999-12') >= '9999-12' or b.stop_reason in ('moved', 'voluntary')))
        and not exists (
            select 1 from facts.household_member m join facts.benefit b on b.person_id = m.person_id
            where m.household_id = need.household_id and coalesce(m.to_date, date '9999-12-31') >= date '9999-12-31' and coalesce(b.end_period, '9999-12') >= '9999-12'
                and b.programme in ('dibao', 'tekun', 'dibao_margin', 'rigid_expense', 'orphan', 'unsupported_child'))
        and not exists (
            select 1 from facts.application a where a.household_id = need.household_id and not exists (
                select 1 from facts.stage ended where ended.application_id = a.application_id
                    and ended.stage_code in ('DECIDE', 'REJECT_ACCEPT', 'WITHDRAW')))
    order by need.household_id, need.until_at desc nulls first, need.since_on, need.need
) judged
where judged.income_fen * 100 < judged.standard_percent * judged.standard_fen
