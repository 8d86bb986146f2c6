/*---
code     = "F03"
version  = 1
title    = { zh = "同期重复发放", en = "Double payment in a period" }
basis    = ["社会救助暂行办法（国务院令第649号）第66条(六)", "社会救助暂行办法（国务院令第649号）第5条"]
subject  = "benefit"
to       = "U"
by_month = true
needs    = ["payment", "benefit"]
why      = { zh = "同一项目、同一保障对象（按户保障的为同一家庭）在同一月份有两笔以上发放成功的正常发放：重复造册、重复导入，或者两处各发一次。", en = "Two or more regular lines of one programme went through in one month for the same beneficiary (for a household benefit, the same household): listed twice, imported twice, or paid in two places." }
remedy   = { zh = "核对当月名册，确认应发的一笔，其余退回、冲销或追回；实为补发的，更正发放类型。", en = "Compare the month's lists, keep the line that is due and return, reverse or recover the others; what was really arrears is recorded as arrears." }
blind_to = { zh = "以补发、调整、一次性名义重复发放的，以及没有关联待遇编号的发放行；分阶段救助（一次审批、分次发放）不算重复；不同项目之间的重复由其他规则判断。", en = "A second payment booked as arrears, adjustment or one-off, and lines that name no benefit; staged aid (one decision, several payments) is none; overlaps between programmes have rules of their own." }
says     = { zh = "{period} 同一保障对象的同一项目成功发放 {lines} 笔（首笔 {first_paid_at}，末笔 {last_paid_at}），共 {paid_fen}，进入 {accounts} 个账户。", en = "For {period} the same beneficiary got {lines} regular payments of one programme (first {first_paid_at}, last {last_paid_at}): {paid_fen} into {accounts} account(s)." }
clears   = { zh = "当月只保留一笔发放成功的正常发放，其余已退回或冲销。", en = "One regular line of the month remains paid; the others are returned or reversed." }
[touches]
payment = """
select unnest(cast(:benefit_id as text[]))
union all select o.benefit_id from facts.benefit s
join facts.benefit o on o.household_id = s.household_id and o.programme = s.programme and o.benefit_id <> s.benefit_id
where s.benefit_id = any(:benefit_id)
union all select o.benefit_id from facts.benefit s join facts.identity i on i.person_id = s.person_id
join facts.identity j on j.person_key = i.person_key
join facts.benefit o on o.person_id = j.person_id and o.programme = s.programme and o.benefit_id <> s.benefit_id
where s.benefit_id = any(:benefit_id)"""
benefit = """
select unnest(cast(:benefit_id as text[]))
union all select benefit_id from facts.benefit where household_id = any(:household_id)
union all select o.benefit_id from facts.identity i join facts.identity j on j.person_key = i.person_key
join facts.benefit o on o.person_id = j.person_id where i.person_id = any(:person_id)"""
person = "select b.benefit_id from facts.identity i join facts.benefit b on b.person_id = i.person_id where i.person_key = any(:person_key)"
application = """
select benefit_id from facts.benefit where application_id = any(:application_id)
union all select o.benefit_id from facts.benefit s
join facts.benefit o on o.household_id = s.household_id and o.programme = s.programme and o.benefit_id <> s.benefit_id
where s.application_id = any(:application_id) and s.programme = 'temporary_aid'
union all select o.benefit_id from facts.benefit s join facts.identity i on i.person_id = s.person_id
join facts.identity j on j.person_key = i.person_key
join facts.benefit o on o.person_id = j.person_id and o.programme = s.programme and o.benefit_id <> s.benefit_id
where s.application_id = any(:application_id) and s.programme = 'temporary_aid'"""
---*/
-- Staged aid (plan_id) is one decision with several payments. A benefit's own lines, then those of other benefits of the same programme for the same household or the same human.
-- One finding a month: it stands at the first benefit (by key) that was paid.
select l.benefit_id as subject_key, l.period as item, l.period,
    max(case when l.n = 2 then l.at end) as yellow_at,
    min(case when l.account_key <> l.first_account then l.at end) as red_at,
    sum(case when l.n > 1 then l.amount_fen else 0 end) as amount_at_risk_fen,
    max(case when l.line_benefit_id = l.benefit_id then l.region_code end) as region_code,
    (select a.unit_code from facts.benefit b join facts.application a on a.application_id = b.application_id
        where b.benefit_id = l.benefit_id) as unit_code,
    max(l.programme) as programme, count(*) as lines, count(distinct l.account_key) as accounts,
    sum(l.amount_fen) as paid_fen, min(l.at) as first_paid_at, max(l.at) as last_paid_at,
    array_agg(l.payment_id order by l.n) filter (where l.n <= 10) as payment_ids,
    array_agg(distinct l.line_benefit_id) filter (where l.n <= 10) as benefit_ids
from (
    select x.*, count(*) over (partition by x.benefit_id, x.period) as lines,
        row_number() over (partition by x.benefit_id, x.period order by x.at, x.payment_id) as n,
        first_value(x.account_key) over (partition by x.benefit_id, x.period order by x.at, x.payment_id) as first_account
    from (
        select p.benefit_id, p.benefit_id as line_benefit_id, p.period, p.payment_id, p.programme, p.region_code,
            coalesce(p.paid_at, p.judged_at) as at, p.amount_fen, p.account_key
        from facts.payment p
        where p.kind = 'regular' and p.status = 'paid' and p.period is not null
        union all
        select o.benefit_id, p.benefit_id, p.period, p.payment_id, p.programme, p.region_code,
            coalesce(p.paid_at, p.judged_at), p.amount_fen, p.account_key
        from (
            select s.benefit_id, t.benefit_id as other_id
            from facts.benefit s
            join facts.benefit t on t.household_id = s.household_id and t.programme = s.programme
                and t.benefit_id <> s.benefit_id and coalesce(t.person_id, '') = ''
            where coalesce(s.person_id, '') = ''
            union all
            select s.benefit_id, t.benefit_id
            from facts.benefit s
            join facts.identity i on i.person_id = s.person_id
            join facts.identity j on j.person_key = i.person_key
            join facts.benefit t on t.person_id = j.person_id and t.programme = s.programme and t.benefit_id <> s.benefit_id
        ) o
        join facts.payment p on p.benefit_id = o.other_id
        where p.kind = 'regular' and p.status = 'paid' and p.period is not null
    ) x
    where coalesce(x.programme, '') <> 'temporary_aid' or not exists (
        select 1 from facts.benefit aid join facts.application plan on plan.application_id = aid.application_id
        where aid.benefit_id = x.line_benefit_id and coalesce(plan.plan_id, '') <> '')
) l
where l.lines > 1
group by l.benefit_id, l.period
having min(l.line_benefit_id) = l.benefit_id
