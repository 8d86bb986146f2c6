/*---
code     = "F08"
version  = 2
title    = { zh = "发放前突击变更账户", en = "Account changed just before payment" }
basis    = ["监察规程：发放前变更账户的发放行应当复核"]
subject  = "account"
to       = "U"
scope    = "all"
needs    = ["account", "payment"]
why      = { zh = "名册定下前几天才换账户，来不及核对；一个人一个月里改了好几个账户，更要看看改给了谁。", en = "An account changed days before the list was made cannot be checked in time; several changed by one person in a month are worth a look at whose they became." }
remedy   = { zh = "向发放对象本人核实变更；同一经办人集中变更的，逐户核对申请和银行卡。", en = "Ask the payees about the change; where one person changed many, compare each request with the card." }
blind_to = { zh = "没有报送变更时间的账户；新开户首次登记也有变更时间的，一并提示。定时统计。", en = "Accounts whose time of change was not sent; a first registration that carries such a time is noticed as well. Counted by the clock." }
says     = { zh = "账户 {account_mask} 于 {changed_at} 变更，{days} 天后（{submitted_at}）即提交发放；经办 {changed_by} 当月共变更 {changes} 个账户。", en = "Account {account_mask} was changed at {changed_at} and paid {days} day(s) later ({submitted_at}); {changed_by} changed {changes} account(s) in that month." }
clears   = { zh = "更正变更时间，或相关发放退回、冲销。", en = "A wrong time of change is corrected, or the line is returned or reversed." }

[params]
limit = 7           # calendar days from the change to the list
many = 5            # changes of one person in one month

[override_by]
region = "place.region_code"    # where the list was made; for many: where the person who changed them works
on = "place.on_day"

[touches]
account = "*"
payment = "*"
staff = "*"
unit = "*"
---*/
-- An account may have been changed by several people in a month; they are told together.
select
    hasty.account_key as subject_key, hasty.changed_month as item, min(hasty.submitted_at) as notice_at,
    min(case when hasty.changes >= hasty.many_changes then greatest(hasty.submitted_at, hasty.crossed_at) end) as yellow_at,
    min(hasty.region_code) as region_code, min(hasty.account_mask) as account_mask, max(hasty.changed_at) as changed_at,
    min(hasty.changed_by) as changed_by, max(hasty.changes) as changes, min(hasty.submitted_at) as submitted_at,
    min(hasty.first_payment_id) as first_payment_id,
    min(cast(hasty.submitted_at at time zone 'Asia/Shanghai' as date) - cast(hasty.changed_at at time zone 'Asia/Shanghai' as date)) as days
from (
    select
        place.account_key, place.changed_month, place.changed_by, place.changes, place.crossed_at, place.many_changes,
        max(place.changed_at) as changed_at, min(place.submitted_at) as submitted_at, min(place.region_code) as region_code,
        min(place.account_mask) as account_mask, min(place.payment_id) as first_payment_id
    from (
        select
            changed.*, line.submitted_at, line.region_code, line.account_mask, line.payment_id,
            cast(line.submitted_at at time zone 'Asia/Shanghai' as date) as on_day,
            cast(line.submitted_at at time zone 'Asia/Shanghai' as date) - cast(changed.changed_at at time zone 'Asia/Shanghai' as date) as days
        from (
            select
                month.*,
                count(month.changed_by) over (partition by month.changed_by, month.changed_month) as changes,
                max(case when month.nth = month.many_changes then month.changed_at end) over (partition by month.changed_by, month.changed_month) as crossed_at
            from (
                select
                    place.account_key, place.changed_by, place.changed_at, to_char(place.on_day, 'YYYY-MM') as changed_month,
                    cast(:many as int) as many_changes,
                    row_number() over (partition by place.changed_by, to_char(place.on_day, 'YYYY-MM') order by place.changed_at, place.account_id) as nth
                from (
                    select account.*, unit.region_code, cast(account.changed_at at time zone 'Asia/Shanghai' as date) as on_day
                    from facts.account account
                    left join facts.staff staff on staff.staff_id = account.changed_by
                    left join facts.unit unit on unit.unit_code = staff.unit_code
                    where account.changed_at >= timestamptz '1900-01-01 00:00:00+00' and account.account_key is not null
                ) place
            ) month
        ) changed
        join facts.payment line on line.account_key = changed.account_key
            and line.submitted_at >= changed.changed_at and coalesce(line.status, 'submitted') in ('submitted', 'paid')
    ) place
    where place.days <= :limit
    group by place.account_key, place.changed_month, place.changed_by, place.changes, place.crossed_at, place.many_changes
) hasty
group by hasty.account_key, hasty.changed_month
