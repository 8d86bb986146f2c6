/*---
code     = "F04"
version  = 1
title    = { zh = "应发未发断发", en = "Entitled but unpaid" }
basis    = ["民发〔2021〕57号 第25条（按月发放）", "社会救助暂行办法（国务院令第649号）第66条(六)"]
subject  = "benefit"
to       = "U"
scope    = "all"
needs    = ["benefit", "payment", "payment_batch"]
why      = { zh = "批次已经关闭，这户在保家庭却没有这个月的发放记录：断一个月，就是一个月没有饭钱。", en = "The month's run is closed and this family, still entitled, is not in it: a missed month is a month without means." }
remedy   = { zh = "核对名册遗漏的原因，立即补发并告知；确已终止的，登记终止月份。", en = "Find why the list left them out, pay at once and tell them; if the benefit had ended, record the month." }
blind_to = { zh = "没有报送批次关闭时间的月份；批次按救助类型和地区（含下级）覆盖；只看最近十二个月已关闭的批次；临时救助不按月发放，不判断。定时统计。", en = "Months whose runs were not reported closed. A run covers its programme in its region and below; only the newest twelve months of closed runs are looked at; temporary aid is not monthly. Counted by the clock." }
says     = { zh = "{programme} 待遇在保，但 {missed_months} 个月（{first_period} 至 {last_period}）的批次关闭后仍没有到账或退回记录，尚欠 {owed_fen}。", en = "The {programme} benefit was in force and {missed_months} month(s) of closed runs ({first_period} to {last_period}) have no line that arrived or came back in time; {owed_fen} still owed." }
clears   = { zh = "更正待遇起止月份或发放记录；逾期补发的，记录保留。", en = "A wrong month of the benefit or a missing record of payment is corrected. Paid late, the finding stays." }

[params]
limit = 5           # working days after the day of payment
pay_day = 10        # of the month; on a day off, the next working day
red_months = 2

[override_by]
region = "run.region_code"
programme = "run.programme"
on = "run.first_on"

[touches]
benefit = "*"
payment = "*"
payment_batch = "*"
stage = "*"
workday = "*"
region = "*"
---*/
-- From the inside out: closed runs by month, and when a line of theirs is overdue; the benefits in force in such a month; what
-- arrived or came back for them. The first run of a month that was closed counts.
select
    missed.benefit_id as subject_key, '' as item,
    min(case when missed.place = 1 then missed.due_at end) as yellow_at,
    min(case when missed.place = missed.red_months then missed.due_at end) as red_at,
    min(missed.region_code) as region_code, min(missed.unit_code) as unit_code, min(missed.programme) as programme,
    count(*) as missed_months, min(missed.period) as first_period, max(missed.period) as last_period,
    cast(sum(case when missed.answered_at is null then missed.monthly_amount_fen else 0 end) as bigint) as owed_fen,
    sum(case when missed.answered_at is null then 0 else 1 end) as late_months
from (
    select
        due.*, answer.answered_at,
        dense_rank() over (partition by due.benefit_id order by due.period) as place
    from (
        select
            benefit.benefit_id, benefit.application_id, benefit.region_code, benefit.programme, benefit.monthly_amount_fen, covered.period,
            covered.due_at, covered.listed_at, covered.unit_code, covered.red_months
        from facts.benefit benefit
        join (
            -- one row for each place, programme and month, before any benefit is looked at: lists times benefits would be millions
            select
                below.region_code, closed.programme, closed.period, min(closed.unit_code) as unit_code, min(closed.red_months) as red_months,
                min(coalesce(closed.approved_at, closed.closed_at)) as listed_at,
                min(greatest(closed.closed_at, cast(due_day.day as timestamp) at time zone 'Asia/Shanghai')) as due_at
            from (
                select
                    run.*, cast(:limit as int) as limit_days, cast(:red_months as int) as red_months,
                    least(run.first_on + cast(:pay_day as int) - 1, cast(run.first_on + interval '1 month' as date) - 1) as pay_on
                from (
                    select batch.*, cast(batch.period || '-01' as date) as first_on
                    from facts.payment_batch batch
                    where batch.closed_at is not null and batch.period >= (
                        select to_char(max(cast(newest.period || '-01' as date)) - interval '12 months', 'YYYY-MM')
                        from facts.payment_batch newest
                        where newest.closed_at is not null and cast(newest.period || '-01' as date) <= newest.closed_at + interval '3 months')
                ) run
            ) closed
            left join facts.region_calendar place on place.region_code = closed.region_code
            join facts.working_day pay_day on pay_day.calendar = coalesce(place.calendar, 'CN') and pay_day.day = closed.pay_on
            join facts.working_day due_day on due_day.calendar = pay_day.calendar and due_day.working
                and due_day.n = pay_day.n + case when pay_day.working then 1 else 2 end + closed.limit_days
            join (
                select region_code, ancestor_code from facts.region_path
                union select batch.region_code, batch.region_code from facts.payment_batch batch where batch.region_code is not null
            ) below on below.ancestor_code = closed.region_code
            group by below.region_code, closed.programme, closed.period
        ) covered on covered.region_code || '/' || covered.programme = benefit.region_code || '/' || benefit.programme  -- one key: no way by programme alone
            and covered.period >= benefit.start_period and covered.period <= coalesce(benefit.end_period, '9999-12')
        where benefit.programme <> 'temporary_aid'
    ) due
    left join (
        select line.benefit_id, line.period, min(case when line.status = 'returned' then line.judged_at else coalesce(line.paid_at, line.judged_at) end) as answered_at
        from facts.payment line
        where line.status in ('paid', 'returned') and line.period >= (
            select to_char(max(cast(newest.period || '-01' as date)) - interval '12 months', 'YYYY-MM')
            from facts.payment_batch newest
            where newest.closed_at is not null and cast(newest.period || '-01' as date) <= newest.closed_at + interval '3 months')
        group by line.benefit_id, line.period
    ) answer on answer.benefit_id = due.benefit_id and answer.period = due.period
    where coalesce(answer.answered_at, timestamptz '9999-12-31 00:00:00+00') >= due.due_at
        -- what was decided after a list was made is paid with the next one, back to its first month: that has a rule of its own (T17)
        and not exists (
            select 1 from facts.stage decided
            where decided.application_id = due.application_id and decided.stage_code = 'DECIDE' and decided.at >= due.listed_at)
) missed
group by missed.benefit_id
