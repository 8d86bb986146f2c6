/*---
code     = "F10"
version  = 1
title    = { zh = "打入工作人员账户", en = "Paid to the account of staff or their kin" }
basis    = ["社会救助暂行办法（国务院令第649号）第67条"]
subject  = "account"
to       = "U"
scope    = "all"
needs    = ["payment", "account", "staff"]
why      = { zh = "救助金进入了经办人员、村（居）干部或其近亲属的账户，而开户人不是这户人家的成员：可能被截留、冒领。", en = "Aid went into the account of somebody who handles it, of a village cadre, or of their kin, who is no member of the household: it may have been kept back or drawn for others." }
remedy   = { zh = "停止向该账户发放，改发本人或户主账户，逐笔核实去向；属实的追回并移送线索。", en = "Stop paying into it, pay the person's or the head's own account, follow each line; where true, recover the money and refer the case." }
blind_to = { zh = "只认得登记了证件号码的开户人、在册工作人员和登记了的亲属关系；家庭成员自己的账户不算，哪怕他也是工作人员。定时统计。", en = "Knows holders by their ID number, staff on the register and kinship on record; the account of a member of the household is no case, even if they are staff. Counted by the clock." }
says     = { zh = "{lines} 笔救助金（{paid_fen}，首笔 {first_period}）进入账户 {account_mask}，开户人是工作人员 {staff_id}（{relation}）。", en = "{lines} line(s) of aid ({paid_fen}, the first for {first_period}) went into account {account_mask}, held by staff member {staff_id} ({relation})." }
clears   = { zh = "相关发放退回或冲销；开户人、工作人员或亲属登记有误的，更正登记。", en = "The lines are returned or reversed, or a wrong record of holder, staff or kinship is corrected." }

[touches]
payment = "*"
account = "*"
staff = "*"
person = "*"
kinship = "*"
household_member = "*"
---*/
-- Nobody's own money is a case: the holder is neither the payee nor of the payee's household.
select
    held.account_key as subject_key, '' as item, min(held.at) as red_at, cast(sum(held.amount_fen) as bigint) as amount_at_risk_fen,
    min(held.region_code) as region_code,
    (select min(staff.unit_code) from facts.staff staff where staff.staff_id = min(held.staff_id)) as unit_code,
    min(held.account_mask) as account_mask, min(held.staff_id) as staff_id, min(held.relation) as relation,
    count(*) as lines, cast(sum(held.amount_fen) as bigint) as paid_fen, min(held.period) as first_period, max(held.period) as last_period
from (
    select
        line.account_key, line.payment_id, line.amount_fen, line.period, line.region_code, line.account_mask,
        coalesce(line.paid_at, line.judged_at) as at, min(owner.staff_id) as staff_id, min(owner.relation) as relation
    from facts.account account
    join facts.holder_of_staff owner on owner.id_number_key = account.holder_id_number_key
    join facts.payment line on line.account_key = account.account_key
    where coalesce(line.status, 'submitted') in ('submitted', 'paid')
        and coalesce(owner.active_from, date '1900-01-01') <= cast(line.judged_at at time zone 'Asia/Shanghai' as date)
        and coalesce(owner.active_to, date '9999-12-31') >= cast(line.judged_at at time zone 'Asia/Shanghai' as date)
        and not exists (
            select 1 from facts.person payee
            where payee.person_id = line.payee_person_id and payee.id_number_key = account.holder_id_number_key)
        and not exists (
            select 1 from facts.household_member kept
            join facts.person member on member.person_id = kept.person_id
            where kept.household_id = line.household_id and member.id_number_key = account.holder_id_number_key)
        and not exists (
            select 1 from facts.household_member own
            join facts.household_member kept on kept.household_id = own.household_id
            join facts.person member on member.person_id = kept.person_id
            where own.person_id = line.payee_person_id and member.id_number_key = account.holder_id_number_key)
    group by line.account_key, line.payment_id, line.amount_fen, line.period, line.region_code, line.account_mask, line.paid_at, line.judged_at
) held
group by held.account_key
