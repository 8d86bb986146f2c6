/*---
code     = "P10"
version  = 2
title    = { zh = "环节倒置", en = "Stages out of order" }
basis    = ["民发〔2021〕57号（全程）"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "先定后查、先发后批，说明程序只是事后补的。", en = "Deciding before looking, or paying before deciding, shows a procedure that was filled in afterwards." }
remedy   = { zh = "核实每个环节的真实时间；确实倒置的，重新履行程序。", en = "Establish the true times; where steps really were reversed, go through them again." }
blind_to = { zh = "只看有记录的环节：漏掉的环节由其他规则判断；没有首次发放记录的，只在待遇的头十二个月里找首笔发放。重复的环节从宽：先办的以第一次、后办的以最后一次为准。顺序以登记的规定程序为准。", en = "Compares recorded steps only; missing ones are other rules' matter; where no first payment is recorded, it is looked for in the first twelve months of the benefit. Repeated steps are read kindly: the first time of what must come before, the last time of what must come after. The order is the prescribed path on record." }
says     = { zh = "过早的环节：{too_early}。申请 {applied_at}，受理 {accepted_at}，入户 {visited_at}，初审 {opinion_at}，公示 {publicity_started_at} 至 {publicity_ended_at}，确认 {decided_at}，首次发放 {paid_at}。", en = "Too early: {too_early}. Applied {applied_at}, accepted {accepted_at}, visited {visited_at}, opinion {opinion_at}, publicity {publicity_started_at} to {publicity_ended_at}, decided {decided_at}, first paid {paid_at}." }
clears   = { zh = "更正环节时间，或按顺序重新办理（{too_early}）。", en = "Corrected times, or the steps taken again in order ({too_early})." }

[touches]
application = "application_id"
stage = "application_id"
benefit = "application_id"
payment = """
    select benefit.application_id
    from facts.benefit benefit
    cross join (select min(asked.month) as month from unnest(cast(:period as text[])) asked(month)) first
    where benefit.benefit_id = any(:benefit_id)
        and coalesce(benefit.start_period, '9999-12') >= to_char(cast(first.month || '-01' as date) - interval '12 months', 'YYYY-MM')
        and exists (
            select 1 from facts.stage step
            where step.application_id = benefit.application_id
                and step.stage_code in ('APPLY', 'ACCEPT', 'VISIT', 'OPINION', 'PUBLICITY_START', 'PUBLICITY_END', 'DECIDE', 'FIRST_PAYMENT')
                and step.at >= cast(cast(first.month || '-01' as date) - interval '1 month' as timestamp) at time zone 'Asia/Shanghai')
"""
prescribed_path = "*"
region = "*"
---*/
-- The publicity that counts is the last one begun by the last decision (the last one of all before a decision); the
-- opinion is the last one before it. The order is the prescribed one: in an emergency only paying before anybody applied
-- is out of order. A step is too early when it lies before one that comes earlier in that order (not_before); a payment
-- is compared with the first time of each.
select
    flow.application_id as subject_key, '' as item, min(flow.own_at) as yellow_at,
    min(case when (flow.stage_code = 'DECIDE' and flow.decided_at < flow.publicity_ended_at)
        or (flow.stage_code = 'FIRST_PAYMENT' and flow.path <> 'emergency' and flow.paid_at < flow.granted_at)
        then flow.own_at end) as red_at,
    flow.region_code, flow.unit_code, flow.programme, flow.path,
    string_agg(flow.stage_code, ' ' order by flow.place) as too_early,
    flow.applied_at, flow.accepted_at, flow.visited_at, flow.opinion_at, flow.publicity_started_at, flow.publicity_ended_at,
    flow.decided_at, flow.paid_at
from (
    select
        ordered.*,
        max(ordered.before_at) over (
            partition by ordered.application_id order by ordered.place rows between unbounded preceding and 1 preceding) as not_before,
        max(ordered.first_at) over (
            partition by ordered.application_id order by ordered.place rows between unbounded preceding and 1 preceding)
            as not_paid_before
    from (
        select
            steps.*, application.region_code, application.unit_code, application.programme,
            coalesce(application.path, '') as path, step.stage_code,
            array_position(prescribed.stages, step.stage_code) as place,
            case step.stage_code when 'APPLY' then steps.applied_at when 'ACCEPT' then steps.accepted_at
                when 'VISIT' then steps.visited_at when 'OPINION' then steps.opinion_at
                when 'PUBLICITY_START' then steps.publicity_started_at when 'PUBLICITY_END' then steps.publicity_ended_at
                when 'DECIDE' then steps.decided_at else steps.paid_at end as own_at,
            case step.stage_code when 'APPLY' then steps.applied_at when 'ACCEPT' then steps.first_accepted_at
                when 'VISIT' then steps.first_visited_at when 'OPINION' then steps.opinion_at
                when 'PUBLICITY_START' then steps.publicity_started_at when 'PUBLICITY_END' then steps.publicity_ended_at
                when 'DECIDE' then steps.granted_at else steps.paid_at end as before_at,
            case step.stage_code when 'APPLY' then steps.applied_at when 'ACCEPT' then steps.first_accepted_at
                when 'VISIT' then steps.first_visited_at when 'OPINION' then steps.first_opinion_at
                when 'PUBLICITY_START' then steps.first_publicity_started_at
                when 'PUBLICITY_END' then steps.first_publicity_ended_at
                when 'DECIDE' then steps.granted_at else steps.paid_at end as first_at
        from (
            select
                placed.application_id, placed.publicity_started_at, placed.decided_at,
                min(case when placed.stage_code = 'APPLY' then placed.at end) as applied_at,
                min(case when placed.stage_code = 'ACCEPT' then placed.at end) as first_accepted_at,
                max(case when placed.stage_code = 'ACCEPT' then placed.at end) as accepted_at,
                min(case when placed.stage_code = 'VISIT' then placed.at end) as first_visited_at,
                max(case when placed.stage_code = 'VISIT' then placed.at end) as visited_at,
                min(case when placed.stage_code = 'OPINION' then placed.at end) as first_opinion_at,
                coalesce(
                    max(case when placed.stage_code = 'OPINION' and placed.at <= coalesce(placed.publicity_started_at, placed.at)
                        then placed.at end),
                    min(case when placed.stage_code = 'OPINION' then placed.at end)) as opinion_at,
                min(case when placed.stage_code = 'PUBLICITY_START' then placed.at end) as first_publicity_started_at,
                min(case when placed.stage_code = 'PUBLICITY_END' then placed.at end) as first_publicity_ended_at,
                -- the end of that publicity; one that lies before every start is out of order itself
                coalesce(
                    min(case when placed.stage_code = 'PUBLICITY_END' and placed.at >= placed.publicity_started_at then placed.at end),
                    case when max(case when placed.stage_code = 'PUBLICITY_END' then placed.at end)
                            < coalesce(min(case when placed.stage_code = 'PUBLICITY_START' then placed.at end),
                                timestamptz '9999-12-31 00:00:00+00')
                        then max(case when placed.stage_code = 'PUBLICITY_END' then placed.at end) end) as publicity_ended_at,
                min(case when placed.stage_code = 'DECIDE' and coalesce(placed.result, '') <> 'refuse' then placed.at end) as granted_at,
                coalesce(min(case when placed.stage_code = 'FIRST_PAYMENT' then placed.at end), (
                    select min(payment.paid_at)
                    from facts.benefit benefit join facts.payment payment on payment.benefit_id = benefit.benefit_id
                    where benefit.application_id = placed.application_id and payment.period <= placed.last_period
                        and payment.period <= coalesce(
                            to_char(cast(benefit.start_period || '-01' as date) + interval '12 months', 'YYYY-MM'),
                            placed.last_period))) as paid_at
            from (
                select
                    marked.*,
                    coalesce(
                        max(case when marked.stage_code = 'PUBLICITY_START' and marked.at <= marked.decided_at then marked.at end)
                            over (partition by marked.application_id),
                        max(case when marked.stage_code = 'PUBLICITY_START' then marked.at end)
                            over (partition by marked.application_id)) as publicity_started_at,
                    -- a first payment is looked for in the months to the one after the last step, and in the first twelve of a benefit
                    max(to_char(marked.at at time zone 'Asia/Shanghai' + interval '1 month', 'YYYY-MM'))
                        over (partition by marked.application_id) as last_period
                from (
                    select
                        stage.application_id, stage.stage_code, stage.at, stage.result,
                        max(case when stage.stage_code = 'DECIDE' then stage.at end) over (partition by stage.application_id)
                            as decided_at
                    from facts.stage stage
                    where stage.stage_code in ('APPLY', 'ACCEPT', 'VISIT', 'OPINION', 'PUBLICITY_START', 'PUBLICITY_END', 'DECIDE',
                        'FIRST_PAYMENT')
                ) marked
            ) placed
            group by placed.application_id, placed.publicity_started_at, placed.decided_at, placed.last_period
        ) steps
        join facts.application application on application.application_id = steps.application_id
        join facts.prescribed prescribed on prescribed.application_id = steps.application_id
        cross join (
            select 'APPLY' as stage_code union all select 'ACCEPT' union all select 'VISIT' union all select 'OPINION'
            union all select 'PUBLICITY_START' union all select 'PUBLICITY_END' union all select 'DECIDE'
            union all select 'FIRST_PAYMENT'
        ) step
    ) ordered
    where ordered.place is not null
) flow
where flow.own_at > timestamptz '1900-01-01 00:00:00+00'
    and flow.own_at < case when flow.stage_code = 'FIRST_PAYMENT' then flow.not_paid_before else flow.not_before end
group by flow.application_id, flow.region_code, flow.unit_code, flow.programme, flow.path, flow.applied_at, flow.accepted_at,
    flow.visited_at, flow.opinion_at, flow.publicity_started_at, flow.publicity_ended_at, flow.decided_at, flow.paid_at
