/*---
code     = "F15"
version  = 3
title    = { zh = "地区环比突变", en = "Sudden regional change" }
basis    = ["监察规程：发放人数、金额异常波动应当核实（稳健 z 值：Iglewicz 与 Hoaglin 1993，界限 3.5）"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "一个乡镇的发放人数或金额突然偏离往月，而且与上月相比突变：可能是集中清退、集中新增，也可能是批量造假或漏发。", en = "A township's numbers or amounts leave the course of its past months from one month to the next: people dropped or added in bulk, lists made up, or lists cut short." }
remedy   = { zh = "核对当月新增、停发名单和依据，写明原因。", en = "Look at who was added or dropped that month and on what ground, and write down why." }
blind_to = { zh = "往月不足六个月的不判断；保障标准调整的月份不判断，调整之后金额只与调整以后的月份比，不足六个月的只看人数；缓慢的变化看不出来，突变之后维持新水平的月份不再提示；只看最近一年。定时统计。", en = "Silent with fewer than six months before, and in months in which a standard changed; after that, money is compared with the months since only, and with fewer than six of them only people are; slow drift is not seen, and months that stay where a step led are not told again; the last year only. Counted by the clock." }
says     = { zh = "{programme} {pay_period}：{persons} 人（上月 {persons_before}，往月中位数 {persons_median}），{paid_fen}（往月中位数 {paid_median_fen}），偏离过大。", en = "{programme} in {pay_period}: {persons} people ({persons_before} the month before, median of the months before {persons_median}) and {paid_fen} (median {paid_median_fen}): far off their course." }
clears   = { zh = "更正发放记录，或登记当月的标准调整。", en = "Wrong payments are corrected, or the month's change of standard is put on record." }

[params]
limit = 3.5         # robust z
share_percent = 10
least_persons = 5
least_months = 6

[override_by]
region = "spread.region_code"
programme = "spread.programme"
on = "spread.first_on"

[touches]
payment = "*"
standard = "*"
region = "*"
unit = "*"
---*/
-- z = |x − median| / (1.4826 · MAD) of up to twelve months before; where they were all alike any change counts. Money paid before the
-- standard last changed is none of its past. 环比: so many people, and such a share of them, must have come or gone since the month before.
select
    judged.region_code || '/' || judged.programme || '/' || judged.period as subject_key, '' as item,
    cast(judged.first_on + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    case when judged.persons_off and judged.paid_off
        then cast(judged.first_on + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' end as yellow_at,
    judged.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_civil_affairs' and place.region_code = judged.region_code
    ) as unit_code,
    judged.programme, judged.period as pay_period, judged.persons, judged.persons_before, judged.persons_median, judged.paid_fen,
    cast(judged.paid_median_fen as bigint) as paid_median_fen, judged.months
from (
    select
        spread.*, spread.months >= :least_months as enough,
        abs(spread.persons - spread.persons_median) > :limit * 1.4826 * spread.persons_mad
            and abs(spread.persons - spread.persons_median) * 100 >= :share_percent * spread.persons_median as persons_off,
        abs(spread.paid_fen - spread.paid_median_fen) > :limit * 1.4826 * spread.paid_mad_fen
            and abs(spread.paid_fen - spread.paid_median_fen) * 100 >= :share_percent * spread.paid_median_fen
            and spread.paid_months >= :least_months as paid_off,
        abs(spread.persons - spread.persons_median) >= :least_persons and abs(spread.persons - spread.persons_before) >= :least_persons
            and abs(spread.persons - spread.persons_before) * 100 >= :share_percent * spread.persons_before as moved
    from (
        select
            middle.region_code, middle.programme, middle.period, middle.first_on, middle.persons, middle.paid_fen, middle.months, middle.paid_months,
            middle.persons_before, middle.persons_median, middle.paid_median_fen,
            percentile_cont(0.5) within group (order by abs(past.persons - middle.persons_median)) as persons_mad,
            percentile_cont(0.5) within group (
                order by case when past.first_on >= middle.changed_on then abs(past.paid_fen - middle.paid_median_fen) end) as paid_mad_fen
        from (
            select
                here.region_code, here.programme, here.period, here.first_on, here.persons, here.paid_fen, here.changed_on, count(*) as months,
                count(case when past.first_on >= here.changed_on then 1 end) as paid_months,
                (array_agg(past.persons order by past.first_on desc))[1] as persons_before,
                percentile_cont(0.5) within group (order by past.persons) as persons_median,
                percentile_cont(0.5) within group (order by case when past.first_on >= here.changed_on then past.paid_fen end) as paid_median_fen
            from (
                select month.*, coalesce((
                    select cast(date_trunc('month', cast(max(standard.valid_from) as timestamp)) as date) from facts.standard standard
                    join facts.region_path place on place.ancestor_code = standard.region_code
                    where place.region_code = month.region_code and standard.programme = month.programme
                        and standard.valid_from < month.first_on + interval '1 month'), date '0001-01-01') as changed_on
                from facts.payment_month month
                where month.first_on > (select max(newest.first_on) - interval '12 months' from facts.payment_month newest)
            ) here
            join facts.payment_month past on past.region_code = here.region_code and past.programme = here.programme
                and past.first_on < here.first_on and past.first_on >= here.first_on - interval '12 months'
            where here.changed_on < here.first_on
            group by here.region_code, here.programme, here.period, here.first_on, here.persons, here.paid_fen, here.changed_on
        ) middle
        join facts.payment_month past on past.region_code = middle.region_code and past.programme = middle.programme
            and past.first_on < middle.first_on and past.first_on >= middle.first_on - interval '12 months'
        group by middle.region_code, middle.programme, middle.period, middle.first_on, middle.persons, middle.paid_fen, middle.months,
            middle.paid_months, middle.changed_on, middle.persons_before, middle.persons_median, middle.paid_median_fen
    ) spread
) judged
where judged.enough and judged.moved and (judged.persons_off or judged.paid_off)
