/*---
code     = "P27"
version  = 1
title    = { zh = "急难通道无事由", en = "Emergency path without a cause" }
basis    = ["民发〔2018〕23号 二(二)"]
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "急难通道可以免核对、免公示；没有急难事由也走这条路，等于绕过程序。", en = "The emergency path spares verification and publicity; taken without an emergency it is a way round the procedure." }
remedy   = { zh = "补录急难事由和证明；不属急难的，按一般程序补办。", en = "Put the cause and its proof on record; where there was no emergency, go through the ordinary steps." }
blind_to = { zh = "只看有没有登记事由，不看事由是否成立；没有报送事由的不判断。乡镇季度急难占比过高的，另按乡镇按季统计。", en = "Sees whether a cause is on record, not whether it holds; silent where it was not sent. That too many of a township's quarter took this path is counted apart." }
says     = { zh = "{started_at} 按急难程序办理，没有登记事由；首次发放 {paid_at}，手续补齐 {papers_at}。", en = "Handled as an emergency since {started_at} with no cause on record; first paid {paid_at}, papers complete {papers_at}." }
clears   = { zh = "登记真实的急难事由，或改按一般程序办理。", en = "The true cause put on record, or the case taken on the ordinary path." }

[touches]
application = "application_id"
stage = "application_id"
---*/
select
    urgent.application_id as subject_key, '' as item, urgent.started_at as notice_at,
    urgent.region_code, urgent.unit_code, urgent.programme, urgent.path, urgent.started_at, urgent.paid_at, urgent.papers_at
from (
    select
        application.application_id, application.region_code, application.unit_code, application.programme, application.path,
        coalesce(application.submitted_at, application.event_at) as started_at,
        (
            select min(stage.at) from facts.stage stage
            where stage.application_id = application.application_id and stage.stage_code = 'FIRST_PAYMENT'
        ) as paid_at,
        (
            select min(stage.at) from facts.stage stage
            where stage.application_id = application.application_id and stage.stage_code = 'PAPERS_DONE'
        ) as papers_at
    from facts.application application
    where application.path = 'emergency' and coalesce(trim(application.cause), '') = '' and application.cause_known
) urgent
where urgent.started_at >= timestamptz '1900-01-01 00:00:00+00'
