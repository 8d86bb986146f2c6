/*---
code     = "F06"
version  = 1
title    = { zh = "一卡多人", en = "One account, several payees" }
basis    = ["财办〔2020〕37号（按户发放入户主卡，按人发放入本人卡，不得代持）", "民发〔2021〕57号 第26条"]
subject  = "account"
to       = "U"
by_month = true
needs    = ["payment", "account"]
why      = { zh = "几户人家的救助金在同一个月进入同一个账户，这个账户又没有登记为监护人或供养机构账户：可能被代领、截留，也可能是账号录错。", en = "Money of several households went into one account in one month, and the account is not on record as a guardian's or an institution's: somebody may be collecting for others, or a number was typed wrongly." }
remedy   = { zh = "向各发放对象核实是否本人持卡、是否收到；改发到本人或户主账户。确属监护人或供养机构代管的，登记账户性质并备案协议。", en = "Ask each payee whether the card is theirs and the money arrived; pay into their own or the head's account. Where a guardian or an institution rightly holds it, record the role and file the agreement." }
blind_to = { zh = "同一家庭共用户主账户不算；账户之间的再转移看不见。没有登记家庭编号的发放行按对象当前所在家庭判断，查不到家庭的按个人计。", en = "A household sharing an account is no case; what happens to the money afterwards is not seen. A line without a household is taken by the payee's household on record, else as a person of its own." }
says     = { zh = "{period} 有 {payees} 名不同家庭的对象（共 {lines} 笔 {total_fen}）领入同一账户 {account_mask}。", en = "For {period}, {payees} payees of different households ({lines} lines, {total_fen}) were paid into one account, {account_mask}." }
clears   = { zh = "当月各对象改发到各自账户（原行退回或冲销），或者账户登记为监护人、机构账户。", en = "The month's lines are returned or reversed and paid into the payees' own accounts, or the account is on record as a guardian's or institution's." }
[touches]
payment = "account_key"
account = "account_key"
person = "select account_key from facts.payment where payee_person_id = any(:person_id)"
household_member = "select account_key from facts.payment where payee_person_id = any(:person_id)"
---*/
-- The people of one household count once.
select g.account_key as subject_key, g.period as item, g.period,
    max(case when g.n = 2 then g.at end) as yellow_at, max(case when g.n = 3 then g.at end) as red_at,
    sum(case when g.n > 1 then g.amount_fen else 0 end) as amount_at_risk_fen, min(g.region_code) as region_code,
    max(g.account_mask) as account_mask, count(*) as payees, sum(g.lines) as lines, sum(g.amount_fen) as total_fen,
    array_agg(g.payment_id order by g.n) filter (where g.n <= 10) as payment_ids,
    array_agg(distinct g.region_code) filter (where g.n <= 10) as region_codes
from (
    select f.*, row_number() over (partition by f.account_key, f.period order by f.at, f.family) as n
    from (
        select x.account_key, x.period, coalesce(x.household_id,
                (select min(m.household_id) from facts.household_member m
                    where m.person_id = x.payee_person_id and coalesce(m.to_date, date '9999-12-31') >= cast(x.period || '-01' as date)),
                (select i.person_key from facts.identity i where i.person_id = x.payee_person_id)) as family,
            min(x.judged_at) as at, count(*) as lines, sum(x.amount_fen) as amount_fen, min(x.payment_id) as payment_id,
            max(x.account_mask) as account_mask, min(x.region_code) as region_code
        from (
            select p.account_key, p.period, p.payment_id, p.household_id, p.payee_person_id, p.judged_at, p.amount_fen,
                p.account_mask, p.region_code,
                min(p.payee_person_id) over (partition by p.account_key, p.period) as first_payee,
                max(p.payee_person_id) over (partition by p.account_key, p.period) as last_payee
            from facts.payment p
            where coalesce(p.status, 'submitted') not in ('returned', 'reversed') and p.period is not null
        ) x
        where x.first_payee <> x.last_payee and not exists (
            select 1 from facts.account_version a where a.account_key = x.account_key and a.holder_role in ('guardian', 'institution')
                and a.from_at <= x.judged_at and (a.to_at is null or x.judged_at < a.to_at))
        group by 1, 2, 3
    ) f
    where f.family is not null
) g
group by g.account_key, g.period
having count(*) > 1
