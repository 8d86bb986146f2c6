/*---
code     = "P24"
version  = 1
title    = { zh = "代管存折银行卡未备案", en = "Card custody without filing" }
basis    = ["民发〔2021〕57号 第26条"]
subject  = "account"
to       = "U"
why      = { zh = "工作人员代管困难群众的存折、银行卡，没有书面协议和备案，钱去了哪里说不清。", en = "Where staff keep a family's passbook or card without a written agreement, nobody can say where the money went." }
remedy   = { zh = "签订书面协议并向县级备案；不需要代管的，当面交还并核对流水。", en = "Make the written agreement and file it with the county; where nobody needs it, hand the card back and check its movements." }
blind_to = { zh = "只看登记为代办人开户、且证件号码与在册工作人员一致的账户；私下代持看不出来。是否向县级备案没有数据，只看协议；没有报送协议的不判断。", en = "Sees accounts whose holder is recorded as an agent with the ID number of a staff member, not cards kept quietly. There is no record of the filing, only of the agreement; silent where that was not sent." }
says     = { zh = "账户由代办人开户，开户人是工作人员 {staff_id}，自 {changed_at} 起，没有代领协议。", en = "The account is held by an agent who is staff member {staff_id}, since {changed_at}, without an agreement." }
clears   = { zh = "登记代领协议；或更换账户；开户人登记有误的，更正登记。", en = "The agreement put on record, the account changed, or a wrong record of the holder corrected." }

[touches]
account = "account_key"
staff = "select account.account_key from facts.account account where account.holder_role = 'agent' and account.holder_id_number_key = any(:id_number_key)"
unit = "*"
---*/
select
    held.account_key as subject_key, held.account_id as item, held.changed_at as red_at,
    held.account_id, held.staff_id, held.changed_at, held.unit_code, held.region_code
from (
    select
        account.account_key, account.account_id, coalesce(account.changed_at, account.event_at) as changed_at,
        min(staff.staff_id) as staff_id, min(staff.unit_code) as unit_code,
        (select min(unit.region_code) from facts.unit unit where unit.unit_code = min(staff.unit_code)) as region_code
    from facts.account account
    join facts.staff staff on staff.id_number_key = account.holder_id_number_key
    where account.holder_role = 'agent' and not coalesce(account.agency_agreement, not account.agency_agreement_known)
        and coalesce(staff.active_to, date '9999-12-31')
            >= cast(coalesce(account.changed_at, account.event_at) at time zone 'Asia/Shanghai' as date)
    group by account.account_key, account.account_id, account.changed_at, account.event_at
) held
