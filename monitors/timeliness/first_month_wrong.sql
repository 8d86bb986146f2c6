/*---
code     = "T13"
version  = 1
title    = { zh = "待遇起发月错误", en = "Wrong first benefit month" }
basis    = ["民发〔2021〕57号 第21条", "民发〔2021〕43号 第17条", "关于进一步加强事实无人抚养儿童保障工作的意见", "国发〔2015〕52号"]
subject  = "application"
to       = "U"
needs    = ["application", "stage", "benefit", "payment"]
why      = { zh = "从确认的次月（残疾人两项补贴从申请当月）起发；晚一个月，困难家庭就少一个月的保障，早了则没有依据。", en = "A benefit begins in the month after the decision (a disability subsidy in the month of application); a month late is a month without support, a month early has no basis." }
remedy   = { zh = "少发的补发，多发的更正或收回，并核对起始月份的登记。", en = "Pay what was missed as arrears, correct or recover what was too early, and check the first month on record." }
blind_to = { zh = "只看首笔发放和登记的起始月份；尚未发放的由应发未发规则判断。起始月份登记无误的，缺少的早期发放不算晚发（可能只是没有报送）。起始早于申请六个月以上的视为原有待遇，先行救助不判断。", en = "Looks at the first line paid and the first month on record; what was never paid is another rule's matter. Where the first month on record is right, missing early lines are not called late (they may not have been sent). A benefit that began more than six months before the application is taken for an older one; emergency aid is not judged." }
says     = { zh = "{programme} 应自 {due_period} 起发，实际自 {first_period} 起（相差 {months_off} 个月）。申请 {submitted_at}，确认 {decided_at}。", en = "{programme} was due from {due_period} and began with {first_period} ({months_off} months off). Applied {submitted_at}, decided {decided_at}." }
clears   = { zh = "补发所缺月份；早发的退回或冲销；更正起始月份、申请或确认时间。", en = "The missing months are paid as arrears, the early line is returned or reversed, or the first month or a date is corrected." }

[params]
yellow_months = 2
reach_months = 6    # before the application: what began earlier was not begun by it

[override_by]
region = "begun.region_code"
programme = "begun.programme"
path = "begun.path"
on = "begun.first_due_on"

[touches]
application = "application_id"
stage = "application_id"
benefit = "application_id"
payment = """
    select benefit.application_id
    from facts.benefit benefit
    cross join (select min(asked.month) as month from unnest(cast(:period as text[])) asked(month)) first
    where benefit.benefit_id = any(:benefit_id)
        and benefit.programme in ('dibao', 'tekun', 'orphan', 'unsupported_child', 'disability_living', 'disability_care')
        and coalesce(benefit.start_period, '9999-12') >= to_char(cast(first.month || '-01' as date) - interval '12 months', 'YYYY-MM')
"""
---*/
-- Where a case was decided twice, both months are right. The first line is looked for in the first twelve months of a benefit.
select
    judged.application_id as subject_key, '' as item,
    case when judged.early_period is null and judged.months_off < judged.yellow_months then judged.listed_at end as notice_at,
    case when judged.early_period is not null then judged.early_at
        when judged.months_off >= judged.yellow_months then judged.listed_at end as yellow_at,
    judged.region_code, judged.unit_code, judged.programme, judged.path, judged.submitted_at, judged.decided_at,
    case when judged.early_period is not null then to_char(judged.first_due_on, 'YYYY-MM')
        else to_char(judged.last_due_on, 'YYYY-MM') end as due_period,
    coalesce(judged.early_period, judged.first_period) as first_period, judged.months_off
from (
    select
        begun.*, :yellow_months as yellow_months,
        case when begun.early_period is not null
            then 12 * cast(substring(begun.early_period, 1, 4) as int) + cast(substring(begun.early_period, 6, 2) as int)
                - cast(extract(year from begun.first_due_on) * 12 + extract(month from begun.first_due_on) as int)
            else 12 * cast(substring(begun.first_period, 1, 4) as int) + cast(substring(begun.first_period, 6, 2) as int)
                - cast(extract(year from begun.last_due_on) * 12 + extract(month from begun.last_due_on) as int)
            end as months_off
    from (
        select
            due.application_id, due.region_code, due.unit_code, due.programme, due.path, due.submitted_at, due.decided_at,
            due.first_due_on, due.last_due_on,
            least(min(benefit.start_period), min(line.period)) as first_period,
            min(coalesce(line.paid_at, line.judged_at)) as listed_at,
            min(case when line.is_regular and line.period < to_char(due.first_due_on, 'YYYY-MM') then line.period end) as early_period,
            min(case when line.is_regular and line.period < to_char(due.first_due_on, 'YYYY-MM')
                then coalesce(line.paid_at, line.judged_at) end) as early_at
        from (
            select
                granted.*,
                cast(date_trunc('month', case when granted.programme in ('disability_living', 'disability_care')
                    then granted.submitted_at at time zone 'Asia/Shanghai'
                    else granted.first_decided_at at time zone 'Asia/Shanghai' + interval '1 month' end) as date) as first_due_on,
                cast(date_trunc('month', case when granted.programme in ('disability_living', 'disability_care')
                    then granted.submitted_at at time zone 'Asia/Shanghai'
                    else granted.decided_at at time zone 'Asia/Shanghai' + interval '1 month' end) as date) as last_due_on
            from (
                select
                    application.application_id, application.region_code, application.unit_code, application.programme,
                    application.path, application.submitted_at,
                    (
                        select min(decided.at) from facts.stage decided
                        where decided.application_id = application.application_id and decided.stage_code = 'DECIDE'
                            and coalesce(decided.result, '') <> 'refuse'
                    ) as first_decided_at,
                    (
                        select max(decided.at) from facts.stage decided
                        where decided.application_id = application.application_id and decided.stage_code = 'DECIDE'
                            and coalesce(decided.result, '') <> 'refuse'
                    ) as decided_at
                from facts.application application
                where application.programme in ('dibao', 'tekun', 'orphan', 'unsupported_child', 'disability_living', 'disability_care')
                    and coalesce(application.path, '') <> 'emergency'
            ) granted
            where granted.first_decided_at >= timestamptz '1900-01-01 00:00:00+00'
        ) due
        join facts.benefit benefit on benefit.application_id = due.application_id and benefit.programme = due.programme
        join (
            select
                payment.benefit_id, payment.period, payment.paid_at, payment.judged_at,
                payment.kind in ('regular', 'arrears') and payment.status in ('submitted', 'paid') as is_regular
            from facts.payment payment
            where coalesce(payment.kind, '') <> 'one_off' and coalesce(payment.status, '') <> 'reversed'
        ) line on line.benefit_id = benefit.benefit_id
            and line.period <= coalesce(to_char(cast(benefit.start_period || '-01' as date) + interval '12 months', 'YYYY-MM'), line.period)
        where due.first_due_on is not null
        group by
            due.application_id, due.region_code, due.unit_code, due.programme, due.path, due.submitted_at, due.decided_at,
            due.first_due_on, due.last_due_on
    ) begun
    where case when begun.early_period is not null
        then begun.first_period >= to_char(begun.submitted_at at time zone 'Asia/Shanghai'
            - cast(:reach_months as int) * interval '1 month', 'YYYY-MM')
        else begun.first_period > to_char(begun.last_due_on, 'YYYY-MM') end
) judged
