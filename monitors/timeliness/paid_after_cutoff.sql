/*---
code     = "T14"
version  = 1
title    = { zh = "月度发放超过截止日", en = "Monthly payment after the cut-off day" }
basis    = ["民发〔2021〕57号 第25条（按月发放）", "地方规定的发放日（深圳 20 日、重庆开州 28 日，多数地方 10 日）"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "低保等待遇是当月吃饭的钱，晚发一天，困难家庭就多等一天。", en = "These payments are what people live on this month; each day late is a day of waiting." }
remedy   = { zh = "查明名册、审核、拨付、代发哪个环节晚了，尽快发放；当地发放日不是 10 日的，登记当地的规定。", en = "Find which step was late – list, review, transfer or bank – and pay; where another day is the rule, set it." }
blind_to = { zh = "尚未到账的发放由应发未发规则判断。退回后重发的按笔数扣除，不算晚发。没有报送到账时间、地区或救助类型的不判断；定时统计。", en = "Lines not yet paid are another rule's matter. As many late lines as came back from the bank are taken for paid again, and left out. Silent where the time of payment, the place or the programme was not sent; counted by the clock." }
says     = { zh = "{programme} {pay_period} 定期发放 {lines} 笔，应于 {limit_on} 前到账；晚发 {late_lines} 笔（{percent}%），其中晚 {late_days} 天以上 {very_late_lines} 笔，最晚 {last_paid_on}。", en = "{programme} for {pay_period}: of {lines} regular lines due by {limit_on}, {late_lines} were paid later ({percent} %), {very_late_lines} of them by more than {late_days} days, the last on {last_paid_on}." }
clears   = { zh = "更正到账时间，或登记当地的发放日。", en = "Wrong times of payment are corrected, or the place's own day is set." }

[params]
pay_day = 10        # of the month; on a day off, the next working day
limit = 1           # per cent of the lines
red_percent = 50
late_days = 5       # calendar days

[override_by]
region = "listed.region_code"
programme = "listed.programme"
on = "listed.first_on"

[touches]
payment = "*"
workday = "*"
region = "*"
unit = "*"
---*/
-- A line counts in its township (where it names a village) or where it says. Addressed to the finance office that is nearest.
select
    judged.region_code || '/' || judged.programme || '/' || judged.period as subject_key, '' as item,
    cast(judged.limit_on + 1 as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    cast(case when judged.late_lines * 100 >= judged.red_percent * judged.lines then judged.limit_on + 1
        when judged.very_late_lines > 0 and judged.very_late_lines * 100 >= judged.limit_percent * judged.lines
            then judged.limit_on + judged.late_days + 1 end as timestamp) at time zone 'Asia/Shanghai' as red_at,
    judged.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_finance' and place.region_code = judged.region_code
    ) as unit_code,
    judged.programme, judged.period as pay_period, judged.limit_on, judged.lines, judged.late_lines, judged.very_late_lines,
    judged.late_days, judged.last_paid_on,
    cast(round(100.0 * judged.late_lines / judged.lines, 1) as double precision) as percent
from (
    select
        due.region_code, due.programme, due.period, due.limit_on, due.limit_percent, due.red_percent, due.late_days,
        cast(sum(due.lines) as bigint) as lines,
        cast(greatest(sum(case when due.paid_on > due.limit_on then due.lines else 0 end) - sum(due.returned), 0) as bigint)
            as late_lines,
        cast(greatest(sum(case when due.paid_on > due.limit_on + due.late_days then due.lines else 0 end) - sum(due.returned), 0)
            as bigint) as very_late_lines,
        max(due.paid_on) as last_paid_on
    from (
        select listed.*, limit_day.day as limit_on
        from (
            select
                listed.*, :limit as limit_percent, :red_percent as red_percent, cast(:late_days as int) as late_days,
                least(listed.first_on + cast(:pay_day as int) - 1, cast(listed.first_on + interval '1 month' as date) - 1) as pay_on
            from (
                select
                    coalesce(township.region_code, line.region_code) as region_code, line.programme, line.period, line.paid_on,
                    cast(line.period || '-01' as date) as first_on, line.lines, line.returned
                from (
                    select
                        payment.region_code, payment.programme, payment.period,
                        cast(payment.paid_at at time zone 'Asia/Shanghai' as date) as paid_on,
                        count(*) - sum(case when payment.status = 'returned' then 1 else 0 end) as lines,
                        sum(case when payment.status = 'returned' then 1 else 0 end) as returned
                    from facts.payment payment
                    where payment.kind = 'regular' and coalesce(payment.status, '') <> 'reversed'
                        and payment.region_code is not null and payment.programme is not null and payment.period is not null
                    group by payment.region_code, payment.programme, payment.period,
                        cast(payment.paid_at at time zone 'Asia/Shanghai' as date)
                ) line
                left join (
                    select place.region_code as part_code, town.region_code
                    from facts.region_path place
                    join facts.region town on town.region_code = place.ancestor_code and town.level = 'township'
                ) township on township.part_code = line.region_code
            ) listed
        ) listed
        left join facts.region_calendar place on place.region_code = listed.region_code
        join facts.working_day pay_day on pay_day.calendar = coalesce(place.calendar, 'CN') and pay_day.day = listed.pay_on
        join facts.working_day limit_day on limit_day.calendar = pay_day.calendar and limit_day.working
            and limit_day.n = pay_day.n + case when pay_day.working then 0 else 1 end
    ) due
    group by due.region_code, due.programme, due.period, due.limit_on, due.limit_percent, due.red_percent, due.late_days
) judged
where judged.late_lines > 0 and judged.late_lines * 100 >= judged.limit_percent * judged.lines
