/*---
code     = "E09"
version  = 2
title    = { zh = "养老金等未计入收入", en = "Pension not counted" }
basis    = ["民发〔2021〕57号 第13条（中央确定的基础养老金不计入）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "income_check", "register.pension", "register.unemployment"]
why      = { zh = "领取的养老金或失业金没有计入家庭收入。", en = "A pension or unemployment benefit is not in the family's income." }
remedy   = { zh = "核对发放额，扣除不计入部分后重新核算。", en = "Compare what is paid, leave out what does not count, and compute anew." }
blind_to = { zh = "不计入部分没有登记的按零扣除；没有收入核对的、只知道待遇结束以后金额的不判断；与当时有效及其后的收入核对比较，已停发的只看停发前的；核对早于领取的才把核实收入加上，核对里可能已含一部分的只按养老金本身判断是否超标准；刚性支出家庭由各地设定收入线后（与 E10 同设）才升为黄牌；渐退期内不判断。定时统计。", en = "Where the part that does not count is not on record none is taken off; silent without an income check, and where the amount is known only after the benefit. Compared with the checks in force then or made later, of what has ended with those before its end. Income is added only where it was verified before the pension began: a later check may hold a part of it, and then the pension alone must pass the line. A family with rigid expenses is a notice until the place sets its line (here as for E10); silent during a gradual exit. Counted by the clock." }
says     = { zh = "{department} 每月发放 {pension_fen}（不计入 {excluded_fen}），核实人均收入 {verified_per_capita_fen}，家庭 {persons} 人，标准 {standard_fen} 的 {percent_limit}%。", en = "{department} pays {pension_fen} a month ({excluded_fen} does not count); verified income per head {verified_per_capita_fen}, {persons} person(s), {percent_limit} % of the standard of {standard_fen}." }
clears   = { zh = "收入重新核对并计入，进入渐退，待遇终止，或更正登记。", en = "The income is checked anew and counts it, a gradual exit is put on record, the benefit ends, or the record is corrected." }

[params]
limit = 10          # per cent
least = 50          # yuan
dibao_percent = 100
margin_percent = 150
rigid_percent = 0   # of the dibao standard; 0: the place has set no line
gradual_exit_months = 6

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
-- A gradual exit is lawful once it is on record, as in E03. With the pension a head: income verified before the pension began is added to it;
-- of income verified later nobody knows which part is the pension, so only the pension itself is sure.
select
    own.person_key as subject_key, '' as item, cast(min(own.told_on) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    cast(min(case when own.percent_limit > 0 and (own.counts_fen + own.before_fen) * 100 >= own.standard_fen * own.percent_limit * own.persons
        then own.told_on end) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    min(own.region_code) as region_code, min(own.benefit_id) as benefit_id, min(own.programme) as programme, min(own.department) as department,
    max(own.amount_fen) as pension_fen, max(coalesce(own.excluded_fen, 0)) as excluded_fen, max(own.verified_per_capita_fen) as verified_per_capita_fen,
    max(own.persons) as persons, max(own.standard_fen) as standard_fen, nullif(max(own.percent_limit), 0) as percent_limit, max(own.as_of) as as_of
from (
    select own.*, greatest(own.since_on, case when own.gradual_exit_from <= coalesce(to_char(own.to_date, 'YYYY-MM'), '9999-12') then own.exit_to end) as told_on,
        case when cast(own.newest_check_at at time zone 'Asia/Shanghai' as date) < own.from_date then own.verified_per_capita_fen * own.persons else 0 end as before_fen
    from (
        select own.*, own.amount_fen - coalesce(own.excluded_fen, 0) as counts_fen, cast(:limit as int) as limit_percent, cast(:least as int) as least_yuan,
            cast(cast(own.gradual_exit_from || '-01' as date) + cast(:gradual_exit_months as int) * interval '1 month' as date) as exit_to,
            case own.programme when 'dibao' then cast(:dibao_percent as int) when 'dibao_margin' then cast(:margin_percent as int)
            else cast(:rigid_percent as int) end as percent_limit
        from facts.means own
        where own.kind in ('pension', 'unemployment') and to_char(own.judged_on, 'YYYY-MM') <= own.to_period
    ) own
) own
where to_char(own.told_on, 'YYYY-MM') <= own.last_period
    and own.counts_fen - own.verified_per_capita_fen * own.persons > greatest(own.counts_fen * own.limit_percent / 100, own.least_yuan * 100)
group by own.person_key
