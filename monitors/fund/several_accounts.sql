/*---
code     = "F07"
version  = 2
title    = { zh = "一人多卡", en = "One payee, several accounts" }
basis    = ["财办〔2020〕37号（按人发放入本人卡，不得代持）"]
subject  = "account"
to       = "S"
scope    = "all"
needs    = ["payment"]
params   = { limit = 3, changed_days = 7 }   # accounts in twelve months; two in one month are enough; days from a change to the list, as in F08
override_by = { region = "used.region_code", on = "cast(used.first_at at time zone 'Asia/Shanghai' as date)" }
why      = { zh = "同一对象的救助金换着账户发：可能是卡挂失、换行，也可能有人以其名义另开账户领取。", en = "Aid for one person goes into changing accounts: a lost card or a new bank perhaps, perhaps an account somebody opened in their name." }
remedy   = { zh = "向本人核实每个账户是否本人开立、持有，停用不用的账户。", en = "Ask the person which accounts are theirs and in their hands, and stop using the others." }
blind_to = { zh = "不看监护人、供养机构账户；只看最近十二个月；没有报送对象编号的发放行看不到。定时统计。", en = "Leaves out accounts of guardians and institutions, looks at the newest twelve months, and sees no line without a payee. Counted by the clock." }
says     = { zh = "同一对象近十二个月用过 {accounts} 个账户（同月最多 {accounts_in_month} 个），最近一个是 {account_mask}，自 {first_period} 起。", en = "One payee had {accounts} accounts in twelve months ({accounts_in_month} at most in one month); the newest is {account_mask}, used since {first_period}." }
clears   = { zh = "各月只用一个账户，或者更正账户登记。", en = "One account in each month, or a wrong record of an account corrected." }

[touches]
payment = "*"
account = "*"
person = "*"
---*/
-- The finding stands at the account that was used last. Yellow when an account was changed in the week before it was paid (F08).
select
    used.account_key as subject_key, used.person_key as item, used.crossed_at as notice_at,
    case when used.changed_at is not null then greatest(used.crossed_at, used.changed_at) end as yellow_at,
    used.region_code, used.account_mask, used.accounts, used.accounts_in_month, used.first_period
from (
    select
        one.*,
        count(*) over (partition by one.person_key) as accounts,
        max(one.side_by_side) over (partition by one.person_key) as accounts_in_month,
        max(one.hasty_at) over (partition by one.person_key) as changed_at,
        max(one.first_at) over (partition by one.person_key) as crossed_at,
        row_number() over (partition by one.person_key order by one.first_at desc, one.account_key desc) as newest
    from (
        select
            line.person_key, line.account_key, min(line.first_at) as first_at, min(line.period) as first_period, min(line.region_code) as region_code,
            min(line.account_mask) as account_mask, max(line.side_by_side) as side_by_side, max(line.hasty_at) as hasty_at
        from (
            select
                used.*,
                count(*) over (partition by used.person_key, used.period) as side_by_side,
                case when exists (
                    select 1 from facts.account changed
                    where changed.account_key = used.account_key
                        and cast(used.submitted_at at time zone 'Asia/Shanghai' as date)
                            - cast(changed.changed_at at time zone 'Asia/Shanghai' as date) between 0 and :changed_days
                ) then used.submitted_at end as hasty_at
            from (
                select
                    identity.person_key, payment.account_key, payment.period, min(payment.judged_at) as first_at,
                    min(payment.submitted_at) as submitted_at, min(payment.region_code) as region_code, min(payment.account_mask) as account_mask
                from facts.payment payment
                join facts.identity identity on identity.person_id = payment.payee_person_id
                where payment.account_key is not null and coalesce(payment.status, 'submitted') in ('submitted', 'paid')
                    and payment.period > (select to_char(max(newest.first_on) - interval '12 months', 'YYYY-MM') from facts.newest_month newest)
                    and not exists (
                        select 1 from facts.account kept
                        where kept.account_key = payment.account_key and kept.holder_role in ('guardian', 'institution'))
                group by identity.person_key, payment.account_key, payment.period
            ) used
        ) line
        group by line.person_key, line.account_key
    ) one
) used
where used.newest = 1 and used.accounts >= 2 and (used.accounts_in_month >= 2 or used.accounts >= :limit)
