/*---
code     = "F12"
version  = 2
title    = { zh = "超预算或预算执行异常", en = "Budget overrun or under-used" }
basis    = ["财社〔2017〕58号（困难群众救助补助资金管理）", "中办发〔2020〕18号"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["budget", "payment"]
why      = { zh = "预算用超了，年底可能发不出；用得太少，可能有人该领没有领。", en = "A budget spent too fast may be empty before the year ends; one spent too slowly may mean that people entitled were not reached." }
remedy   = { zh = "核对支出与人数变化；确需追加的按程序调整预算，执行过慢的查找应保未保。", en = "Compare spending with the numbers served; ask for more in time, or look for those who were missed." }
blind_to = { zh = "按到账时间计入年度，包含下级地区；没有报送到账时间的发放行不计；预测按已过月份平均推算，年初几个月不预测；以后月份回到正常的，预测提示随之结束。定时统计。", en = "Counts by the time money arrived, regions below included; lines without that time are left out. The projection is the mean of the months past, and none is made in the first of the year; it ends when a later month is back on course. Counted by the clock." }
says     = { zh = "{year} 年 {programme} 预算 {budget_fen}，截至 {counted_on} 已发 {paid_fen}（{percent}%），按此推算全年 {projected_percent}%。", en = "{programme} budget of {year}: {budget_fen}, of which {paid_fen} ({percent} %) paid by {counted_on}; at this pace {projected_percent} % over the year." }
clears   = { zh = "更正预算或发放记录；预算追加后登记新的预算数。", en = "A wrong budget or payment is corrected, or the new budget put on record." }

[params]
limit = 105         # per cent of the budget, projected
least = 70          # per cent, projected
first_month = 3     # of the year, before which no projection is made
under_month = 9     # of the year, from which on too little is told

[override_by]
region = "spent.region_code"
programme = "spent.programme"
on = "spent.day"

[touches]
budget = "*"
workday = "*"
payment = "*"
region = "*"
unit = "*"
---*/
-- A day counts once it has ended, a projection once its month has; it holds until a month ends in which it is another one. Page Funds
-- counts the same (monitors/indicators/budget.py).
select
    told.region_code || '/' || told.programme || '/' || to_char(told.day, 'YYYY-MM') as subject_key, told.budget_id || '/' || told.what as item,
    case when told.what <> 'OVERRUN' then cast(told.day + 1 as timestamp) at time zone 'Asia/Shanghai' end as notice_at,
    case when told.what = 'OVERRUN' then cast(told.day + 1 as timestamp) at time zone 'Asia/Shanghai' end as yellow_at,
    case when told.what <> 'OVERRUN' then cast(told.next_day + 1 as timestamp) at time zone 'Asia/Shanghai' end as until_at,
    told.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_finance' and place.region_code = told.region_code
    ) as unit_code,
    told.programme, told.year, told.what, told.budget_fen, told.paid_fen, told.day as counted_on,
    cast(round(100.0 * told.paid_fen / told.budget_fen, 1) as double precision) as percent,
    cast(round(100.0 * told.paid_fen * 12 / (told.budget_fen * told.month), 1) as double precision) as projected_percent
from (
    select turn.*, lead(turn.day) over (partition by turn.budget_id, turn.what = 'OVERRUN' order by turn.day) as next_day
    from (
        select counted.*, case when kind.of_day then 'OVERRUN' else counted.course end as what
        from (
            select
                course.*, row_number() over (partition by course.budget_id, course.paid_fen > course.budget_fen order by course.day) as nth,
                lag(course.course) over (partition by course.budget_id, course.ends_month order by course.day) as course_before
            from (
                select
                    spent.*,
                    case when spent.ends_month and spent.month >= :first_month
                            and 100.0 * spent.paid_fen * 12 > 1.0 * :limit * spent.budget_fen * spent.month then 'PROJECTED_OVER'
                        when spent.ends_month and spent.month >= :under_month
                            and 100.0 * spent.paid_fen * 12 < 1.0 * :least * spent.budget_fen * spent.month then 'PROJECTED_UNDER'
                        when spent.ends_month then 'ON_COURSE' end as course
                from (
                    select
                        budget.budget_id, budget.region_code, budget.programme, budget.year, budget.amount_fen as budget_fen, paid.day,
                        cast(extract(month from paid.day) as int) as month, paid.ends_month,
                        sum(paid.amount_fen) over (partition by budget.budget_id order by paid.day) as paid_fen
                    from facts.budget budget
                    join (
                        select day.budget_id, day.day, sum(day.amount_fen) as amount_fen, max(day.ends_month) = 1 as ends_month
                        from (
                            select yearly.budget_id, line.day, sum(line.amount_fen) as amount_fen, 0 as ends_month
                            from (
                                select payment.region_code, payment.programme, cast(payment.paid_at at time zone 'Asia/Shanghai' as date) as day,
                                    sum(payment.amount_fen) as amount_fen
                                from facts.payment payment
                                where payment.status = 'paid' and payment.paid_at is not null and payment.region_code is not null
                                group by payment.region_code, payment.programme, cast(payment.paid_at at time zone 'Asia/Shanghai' as date)
                            ) line
                            join facts.region_path place on place.region_code = line.region_code
                            join facts.budget yearly on yearly.region_code = place.ancestor_code and yearly.programme = line.programme
                                and yearly.year = extract(year from line.day)
                            group by yearly.budget_id, line.day
                            union all
                            -- the last day of each month up to the newest payment, so that a projection has a day to stand on
                            select yearly.budget_id, month_end.day, 0, 1
                            from facts.budget yearly
                            join facts.working_day month_end on month_end.calendar = 'CN' and extract(year from month_end.day) = yearly.year
                                and extract(day from month_end.day + 1) = 1
                                and month_end.day <= (select max(cast(newest.paid_at at time zone 'Asia/Shanghai' as date)) + 31 from facts.payment newest)
                        ) day
                        group by day.budget_id, day.day
                    ) paid on paid.budget_id = budget.budget_id
                    where budget.amount_fen > 0
                ) spent
            ) course
        ) counted
        cross join (values (true), (false)) kind (of_day)
        where kind.of_day and counted.paid_fen > counted.budget_fen and counted.nth = 1
            or not kind.of_day and counted.ends_month and counted.course <> coalesce(counted.course_before, '')
    ) turn
) told
where told.what <> 'ON_COURSE'
