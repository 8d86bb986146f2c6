/*---
code     = "F20"
version  = 1
title    = { zh = "跨乡镇同证同卡复制", en = "Same ID or account in several townships' lists" }
basis    = ["社会救助暂行办法（国务院令第649号）第67条", "财办〔2020〕37号（发放到人到户）"]
subject  = "account"
to       = "U"
by_month = true
needs    = ["payment", "payment_batch", "account"]
why      = { zh = "同一账户在同一个月出现在两个以上乡镇的发放名册里，收款的又不是同一个人：复制名册行、冒用他人身份领款时最常见的样子。", en = "In one month one account stands in the payment lists of two or more townships, for different people: what copied rows and money drawn in other people's names look like." }
remedy   = { zh = "调取各乡镇当月名册和审批材料，逐人核实身份、户籍和领款人；核实前不认定任何人有问题。", en = "Take the lists and approvals of each township for the month and verify each person, their residence and who drew the money; nothing is held against anybody before that." }
blind_to = { zh = "只看正常发放；县级及以上统一造册的批次不算乡镇名册。登记为监护人或供养机构的账户不判断，户主账户内同一家庭成员视为一人。", en = "Regular lines only; a batch listed by a county or above is no township's list. Accounts on record as a guardian's or institution's are exempt; on a head's account the household counts as one." }
says     = { zh = "{period} 账户 {account_mask} 出现在 {townships} 个乡镇的名册中（{lines} 笔，{total_fen}），收款对象 {payees} 人（户）。", en = "For {period} account {account_mask} stands in the lists of {townships} townships ({lines} lines, {total_fen}), for {payees} payees." }
clears   = { zh = "当月只剩一个乡镇的名册（其余行退回或冲销），或者账户登记为监护人、机构账户。", en = "Only one township's lines of the month remain (the others returned or reversed), or the account is on record as a guardian's or institution's." }
[touches]
payment = "account_key"
account = "account_key"
payment_batch = "select account_key from facts.payment where batch_id = any(:batch_id)"
person = "select account_key from facts.payment where payee_person_id = any(:person_id)"
region = "*"
---*/
select t.account_key as subject_key, t.period as item, t.period,
    max(case when t.n = 2 then t.at end) as red_at,
    sum(case when t.n > 1 then t.amount_fen else 0 end) as amount_at_risk_fen, min(t.township) as region_code,
    max(t.account_mask) as account_mask, count(*) as townships, max(t.payees) as payees, sum(t.lines) as lines,
    sum(t.amount_fen) as total_fen, array_agg(t.township order by t.n) filter (where t.n <= 10) as region_codes,
    array_agg(t.batch_id order by t.n) filter (where t.n <= 10) as batch_ids,
    array_agg(t.payment_id order by t.n) filter (where t.n <= 10) as payment_ids
from (
    select g.*, row_number() over (partition by g.account_key, g.period order by g.at, g.township) as n,
        sum(g.new_payees) over (partition by g.account_key, g.period) as payees
    from (
        select y.account_key, y.period, y.township, min(y.judged_at) as at, count(*) as lines, sum(y.amount_fen) as amount_fen,
            min(y.batch_id) as batch_id, min(y.payment_id) as payment_id, max(y.account_mask) as account_mask,
            sum(y.is_new_payee) as new_payees
        from (
            select x.*, case when row_number() over (partition by x.account_key, x.period, x.payee order by x.judged_at, x.payment_id) = 1
                    then 1 else 0 end as is_new_payee
            from (
                select l.account_key, l.period, l.payment_id, l.batch_id, l.judged_at, l.amount_fen, l.account_mask,
                    coalesce(w.ancestor_code, case when substr(l.list_region, 7, 6) <> '000000'
                        then substr(l.list_region, 1, 9) || '000' end) as township,
                    coalesce(case when exists (select 1 from facts.account_version a where a.account_key = l.account_key
                            and a.holder_role = 'head' and a.from_at <= l.judged_at and (a.to_at is null or l.judged_at < a.to_at))
                        then l.household_id end,
                        (select i.person_key from facts.identity i where i.person_id = l.payee_person_id)) as payee
                from (
                    select p.account_key, p.period, p.payment_id, p.batch_id, p.household_id, p.payee_person_id, p.judged_at,
                        p.amount_fen, p.account_mask, coalesce(b.region_code, p.region_code) as list_region,
                        min(coalesce(b.region_code, p.region_code)) over (partition by p.account_key, p.period) as first_region,
                        max(coalesce(b.region_code, p.region_code)) over (partition by p.account_key, p.period) as last_region
                    from facts.payment p
                    left join facts.payment_batch b on b.batch_id = p.batch_id
                    where p.kind = 'regular' and coalesce(p.status, 'submitted') not in ('returned', 'reversed')
                        and p.period is not null
                ) l
                left join (
                    select q.region_code, q.ancestor_code from facts.region_path q
                    join facts.region r on r.region_code = q.ancestor_code and r.level = 'township'
                ) w on w.region_code = l.list_region
                where l.first_region <> l.last_region and not exists (
                    select 1 from facts.account_version a where a.account_key = l.account_key
                        and a.holder_role in ('guardian', 'institution')
                        and a.from_at <= l.judged_at and (a.to_at is null or l.judged_at < a.to_at))
            ) x
        ) y
        where y.township is not null
        group by y.account_key, y.period, y.township
    ) g
) t
group by t.account_key, t.period
having count(*) > 1 and max(t.payees) > 1
