/*---
code     = "T10"
version  = 1
title    = { zh = "急难型救助先行救助超时", en = "Emergency aid not given in time" }
basis    = ["民发〔2018〕23号 二(二)", "地方规定（山东 24 小时；楚雄 48 小时）"]
subject  = "application"
to       = "U"
needs    = ["application", "stage", "payment"]
why      = { zh = "急难等不起：先行救助就是先给钱、后补手续。", en = "An emergency cannot wait: aid is to be given first, and the papers come after." }
remedy   = { zh = "立即发放并说明原因；已经发放的，补录首次发放。", en = "Pay now and say why it was late; where it has been paid, record the first payment." }
blind_to = { zh = "实物救助和没有登记的发放；没有登记到家庭的线索；申请和提交时间都没有报送的不判断。只认以小时规定的时限。", en = "Aid in kind and payments nobody recorded; clues that name no household; silent where neither the application nor its time was sent. Knows limits in hours only." }
says     = { zh = "申请或发现后应先行救助：{arithmetic}。首次发放：{paid_at}。", en = "Aid was due after the application or discovery: {arithmetic}. First paid: {paid_at}." }
clears   = { zh = "在时限内发放，或不予受理、不予确认、撤回；更正环节时间。逾时发放的，记录保留。", en = "Aid paid in time, or the case refused or withdrawn; a corrected time of a step. Paid late, this stays." }
params   = { discovery_days = 7 }
override_by = { region = "clock.region_code", programme = "clock.programme", path = "clock.path", on = "clock.accepted_on" }

[touches]
application = "application_id"
stage = "application_id"
clue = "select application.application_id from facts.application application where application.household_id = any(:household_id) and application.path = 'emergency'"
benefit = "select application.application_id from facts.application application where application.application_id = any(:application_id) and application.path = 'emergency'"
payment = """
    select application.application_id
    from facts.benefit benefit join facts.application application on application.application_id = benefit.application_id
    where benefit.benefit_id = any(:benefit_id) and application.path = 'emergency'
    union
    select application.application_id from facts.application application
    where application.household_id = any(:household_id) and application.path = 'emergency'
"""
deadline = "*"
region = "*"
---*/
-- From the first application, or from the discovery of the household (a clue) within some days before it. A decision to give
-- gives nothing yet: only what ends the case without aid ends the clock, or a step that comes after the payment.
select
    aid.application_id as subject_key, '' as item, aid.limit_at as yellow_at,
    case when coalesce(aid.ended_at, aid.red_limit_at) >= aid.red_limit_at then aid.red_limit_at end as red_at,
    aid.region_code, aid.unit_code, aid.programme, aid.path, aid.started_at, aid.applied_at, aid.discovered_at,
    aid.limit_hours as limit_days, 'hour' as unit, aid.limit_at, aid.paid_at, aid.ended_at, aid.deadline_id, aid.deadline_basis, aid.basis_verified
from (
    select
        begun.*, begun.started_at + begun.limit_hours * interval '1 hour' as limit_at,
        begun.started_at + begun.red_hours * interval '1 hour' as red_limit_at,
        least(begun.paid_at, (
            select min(done.at) from facts.stage done
            where done.application_id = begun.application_id
                and (done.stage_code in ('PAPERS_DONE', 'POST_CHECK', 'REJECT_ACCEPT', 'WITHDRAW')
                    or (done.stage_code = 'DECIDE' and coalesce(done.result, '') <> 'agree'))
        )) as ended_at
    from (
        select found.*, least(found.applied_at, found.discovered_at) as started_at
        from (
            select
                clock.application_id, clock.region_code, clock.unit_code, clock.programme, clock.path,
                clock.days as limit_hours, clock.red_days as red_hours, clock.deadline_id, clock.basis as deadline_basis,
                clock.verified as basis_verified, aid.applied_at, aid.paid_at, (
                    select min(clue.pushed_at) from facts.clue clue
                    where clue.household_id = clock.household_id and clue.pushed_at <= aid.applied_at
                        and clue.pushed_at >= aid.applied_at - :discovery_days * interval '1 day'
                ) as discovered_at
            from facts.application_limit clock
            join facts.first_aid aid on aid.application_id = clock.application_id
            where clock.rule = 'T10' and clock.path = 'emergency' and clock.unit = 'hour'
        ) found
        where found.applied_at >= timestamptz '1900-01-01 00:00:00+00'
    ) begun
) aid
where coalesce(aid.ended_at, timestamptz '9999-12-31 00:00:00+00') > aid.limit_at
