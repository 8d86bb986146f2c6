/*---
code     = "E07"
version  = 3
title    = { zh = "金融资产超标", en = "Financial assets over the limit" }
basis    = ["民发〔2021〕57号 第17条", "地方规定（深圳、揭阳、重庆：24 倍月低保标准）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "standard", "register.financial_asset"]
why      = { zh = "家庭人均金融资产超过当地规定的倍数。", en = "Financial assets a head are above the local multiple of the standard." }
remedy   = { zh = "核实存款来源和用途；重病、丧葬、征地补偿等情形按当地规定处理。", en = "Find where the money comes from and what it is for; illness, funerals and compensation follow the local rule." }
blind_to = { zh = "余额以核对日为准，按当日的标准和倍数判断；没有当地标准的、余额只在待遇结束以后核对的不判断；重病家庭总额在五万元以内的只作提示。定时统计。", en = "Balances are those of the day of the check, and so are the standard and its multiple; silent without a local standard, and where a balance is known only after the benefit; in a family with a grave illness a total up to 50,000 yuan is a notice only. Counted by the clock." }
says     = { zh = "家庭金融资产 {balance_fen}，{persons} 人，超过月标准 {standard_fen} 的 {times} 倍。", en = "The family holds {balance_fen} for {persons} person(s), more than {times} times the monthly standard of {standard_fen}." }
clears   = { zh = "余额减少，待遇终止，或更正登记。", en = "The balance falls, the benefit ends, or the record is corrected." }

[params]
asset_mult = 24     # times the monthly standard, a head
ill_exempt = 50000  # yuan of a family with a grave illness

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "own.judged_on"

[touches]
benefit = "*"
household = "*"
household_member = "*"
person = "*"
register = "*"
income_check = "*"
standard = "*"
region = "*"
---*/
-- Told at the member who holds the most.
select
    held.person_key as subject_key, '' as item, cast(max(held.since_on) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    case when not bool_or(held.is_ill) or max(held.balance_fen) > max(held.ill_exempt_fen) then cast(max(held.since_on) as timestamp) at time zone 'Asia/Shanghai' end as yellow_at,
    min(held.region_code) as region_code, min(held.benefit_id) as benefit_id, min(held.programme) as programme, cast(max(held.balance_fen) as bigint) as balance_fen,
    max(held.persons) as persons, max(held.family_standard_fen) as standard_fen, max(held.times) as times, max(held.as_of) as as_of
from (
    select
        own.*, sum(own.amount_fen) over (partition by own.benefit_id) as balance_fen, max(own.standard_fen) over (partition by own.benefit_id) as family_standard_fen,
        cast(:asset_mult as int) as times, cast(:ill_exempt * 100 as bigint) as ill_exempt_fen,
        row_number() over (partition by own.benefit_id order by own.amount_fen desc, own.person_key, own.record_id) as place,
        exists (
            select 1 from facts.household_member member join facts.identity human on human.person_id = member.person_id
            join facts.register ill on ill.person_key = human.person_key and ill.kind = 'hospital'
            where member.household_id = own.household_id) as is_ill
    from facts.means own
    where own.kind = 'financial_asset' and own.to_date is null and own.amount_fen > 0 and to_char(own.judged_on, 'YYYY-MM') <= own.to_period
) held
where held.place = 1 and held.balance_fen > held.times * held.family_standard_fen * held.persons
group by held.person_key
