/*---
code     = "F09"
version  = 1
title    = { zh = "户名与对象不符", en = "Account holder is not the payee" }
basis    = ["财办〔2020〕37号（按户发放入户主卡，按人发放入本人卡，不得代持）", "民发〔2021〕57号 第26条"]
subject  = "account"
to       = "U"
scope    = "all"
needs    = ["payment", "person"]
why      = { zh = "账户户名既不是发放对象，也不是户主，又没有代领协议：钱可能没有到本人手里。", en = "The account is neither the payee's nor the head of household's, and no agreement says who may receive for them: the money may not reach them." }
remedy   = { zh = "改发到本人或户主账户；确需代领的，补签代领协议并备案。", en = "Pay into the payee's or head's own account; where somebody must receive for them, make and file the agreement." }
blind_to = { zh = "户名按去空格、全半角统一后比对，同音字、曾用名会误报；没有报送户名或对象姓名的不判断；只看最近十二个月。定时统计。", en = "Names are compared after spaces and widths are evened out, so variant characters and former names give false notice; silent where a name was not sent; the newest twelve months only. Counted by the clock." }
says     = { zh = "账户 {account_mask} 户名 {account_name_mask}，发放对象 {payee_name_mask}，自 {first_period} 起 {lines} 笔 {paid_fen}，没有登记代领协议。", en = "Account {account_mask} is in the name {account_name_mask}, the payee is {payee_name_mask}; {lines} line(s) since {first_period}, {paid_fen}, no agreement on record." }
clears   = { zh = "改发本人或户主账户，登记代领协议，或更正户名。", en = "Paid into the person's or head's own account, the agreement recorded, or a wrong name corrected." }

[touches]
payment = "*"
person = "*"
account = "*"
household = "*"
household_member = "*"
---*/
-- One finding for each account and payee. A guardian's, institution's or agent's account needs an agreement, the head's none.
select
    line.account_key as subject_key, line.payee_person_id as item, min(line.judged_at) as yellow_at,
    cast(sum(line.amount_fen) as bigint) as amount_at_risk_fen, min(line.region_code) as region_code,
    min(line.account_mask) as account_mask, min(line.account_name_mask) as account_name_mask, min(payee.name_mask) as payee_name_mask,
    count(*) as lines, cast(sum(line.amount_fen) as bigint) as paid_fen, min(line.period) as first_period, max(line.period) as last_period
from facts.payment line
join facts.person payee on payee.person_id = line.payee_person_id
where line.account_name_key <> payee.name_key and line.account_key is not null and coalesce(line.status, 'submitted') in ('submitted', 'paid')
    and line.period > (select to_char(max(newest.first_on) - interval '12 months', 'YYYY-MM') from facts.newest_month newest)
    and not exists (
        select 1 from facts.account_version held
        where held.account_key = line.account_key and held.agency_agreement and held.holder_role in ('guardian', 'institution', 'agent'))
    and not exists (
        select 1 from facts.household family join facts.person head on head.person_id = family.head_person_id
        where family.household_id = line.household_id and head.name_key = line.account_name_key)
    and not exists (
        select 1 from facts.household_member own
        join facts.household family on family.household_id = own.household_id
        join facts.person head on head.person_id = family.head_person_id
        where own.person_id = line.payee_person_id and head.name_key = line.account_name_key)
group by line.account_key, line.payee_person_id
