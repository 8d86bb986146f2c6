/*---
code     = "F05"
version  = 1
title    = { zh = "退票未补发", en = "Returned payment not re-paid" }
basis    = ["社会救助暂行办法（国务院令第649号）第66条(六)", "民发〔2021〕57号 第25条（按月发放）"]
subject  = "benefit"
to       = "U"
by_month = true
needs    = ["payment"]
params   = { limit = 10, red_days = 30 }   # working days
override_by = { region = "came.region_code", programme = "came.programme", on = "came.returned_on" }
why      = { zh = "银行退回的钱还是这户人家的：不补发，这个月就没有领到救助。", en = "Money the bank sent back is still theirs: until it is paid again, the family has nothing for that month." }
remedy   = { zh = "核对账户信息，尽快补发，并告知本人退回的原因。", en = "Mend the account, pay again, and tell the person why it came back." }
blind_to = { zh = "没有报送退回状态的发放行；没有关联待遇编号的发放行。用其他方式（现金）补发而没有报送的，看不出来。", en = "Lines whose return was not reported, lines that name no benefit, and money handed over in another way that was not reported." }
says     = { zh = "{pay_period} 应发 {owed_fen} 于 {returned_at} 被银行退回，应在 {limit_on} 前补发；补发时间：{repaid_at}。", en = "{owed_fen} for {pay_period} came back from the bank at {returned_at} and was to be paid again by {limit_on}; paid again: {repaid_at}." }
clears   = { zh = "在期限内补发成功；更正退回记录。逾期补发的，记录保留。", en = "Paid again within the limit, or a wrong record of the return corrected. Paid later, the finding stays." }
[touches]
payment = "benefit_id"
benefit = "benefit_id"
application = "select benefit_id from facts.benefit where application_id = any(:application_id)"
workday = "*"
region = "*"
---*/
-- The first return of a month starts the clock; any line of the same benefit and month that arrived ends it.
select
    back.benefit_id as subject_key, back.period as item, back.period,
    cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    case when coalesce(back.repaid_at, timestamptz '9999-12-31 00:00:00+00') >= cast(red_day.day as timestamp) at time zone 'Asia/Shanghai'
        then cast(red_day.day as timestamp) at time zone 'Asia/Shanghai' end as red_at,
    back.region_code,
    (select application.unit_code from facts.benefit benefit join facts.application application on application.application_id = benefit.application_id
        where benefit.benefit_id = back.benefit_id) as unit_code,
    back.programme, back.period as pay_period, back.returned_at, limit_day.day as limit_on, back.repaid_at,
    back.amount_fen as owed_fen, back.payment_id, back.account_mask
from (
    select came.*, cast(:limit as int) as limit_days, cast(:red_days as int) as red_days
    from (
        select
            line.benefit_id, line.period, line.payment_id, line.region_code, line.programme, line.amount_fen, line.account_mask,
            coalesce(line.returned_at, line.event_at) as returned_at,
            cast(coalesce(line.returned_at, line.event_at) at time zone 'Asia/Shanghai' as date) as returned_on,
            (
                select min(coalesce(again.paid_at, again.judged_at)) from facts.payment again
                where again.benefit_id = line.benefit_id and again.period = line.period and again.status = 'paid'
            ) as repaid_at,
            row_number() over (
                partition by line.benefit_id, line.period order by coalesce(line.returned_at, line.event_at), line.payment_id
            ) as place
        from facts.payment line
        where line.status = 'returned' and line.period is not null
    ) came
    where came.place = 1
) back
left join facts.region_calendar place on place.region_code = back.region_code
join facts.working_day start_day on start_day.calendar = coalesce(place.calendar, 'CN') and start_day.day = back.returned_on
join facts.working_day limit_day on limit_day.calendar = start_day.calendar and limit_day.working and limit_day.n = start_day.n + back.limit_days
join facts.working_day yellow_day on yellow_day.calendar = start_day.calendar and yellow_day.working and yellow_day.n = start_day.n + back.limit_days + 1
join facts.working_day red_day on red_day.calendar = start_day.calendar and red_day.working and red_day.n = start_day.n + back.red_days + 1
where coalesce(back.repaid_at, timestamptz '9999-12-31 00:00:00+00') >= cast(yellow_day.day as timestamp) at time zone 'Asia/Shanghai'
    -- a month after the end of the benefit was not owed
    and not exists (
        select 1 from facts.benefit benefit where benefit.benefit_id = back.benefit_id and benefit.end_period < back.period)
