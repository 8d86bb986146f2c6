/*---
code     = "P22"
version  = 1
title    = { zh = "承诺制手续缺失", en = "Commitment path incomplete" }
basis    = ["民发〔2022〕83号 一(二)", "黄石市社会救助告知承诺制试点方案（一证一书一表）"]
subject  = "application"
to       = "U"
needs    = ["application", "stage", "income_check"]
why      = { zh = "告知承诺免了证明和入户，靠的就是承诺、授权和申报；缺一样，就既没有审也没有诺。", en = "This path spares papers and visits because there is a commitment, an authorisation and a declaration; without them there is neither a check nor a promise." }
remedy   = { zh = "补齐承诺、授权和申报，重新核对；核对与申报不一致的，按规定重新认定。", en = "Obtain commitment, authorisation and declaration and verify again; where the result differs from the declaration, decide anew." }
blind_to = { zh = "只看申请、受理环节登记的材料；其中任一环节没有报送材料的，不判断材料。申报与核对的差异只比较人均收入。", en = "Looks at the papers of application and acceptance; where either did not send its papers they are not judged. Compares declaration and result by income per head only." }
says     = { zh = "{decided_at} 按告知承诺同意；缺少：{missing}；申报人均 {declared_per_capita_fen}，核定人均 {verified_per_capita_fen}，相差 {difference_percent}%（上限 {limit_percent}%）。", en = "Agreed on the commitment path at {decided_at}; missing: {missing}; declared per head {declared_per_capita_fen}, verified {verified_per_capita_fen}: {difference_percent} % apart (limit {limit_percent})." }
clears   = { zh = "补录真实的材料；更正申报或核定收入；或重新作出决定。", en = "The true papers put on record, declared or verified income corrected, or a new decision." }

[params]
limit = 10          # per cent between declared and verified income

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
income_check = "application_id"
---*/
select
    judged.application_id as subject_key, '' as item, judged.decided_at as red_at,
    judged.region_code, judged.unit_code, judged.programme, judged.path, judged.decided_at, judged.missing,
    judged.declared_per_capita_fen, judged.verified_per_capita_fen, judged.difference_percent, judged.limit_percent
from (
    select
        decision.application_id, decision.decided_at, application.region_code, application.unit_code, application.programme,
        application.path, :limit as limit_percent,
        trim(case when decision.papers_known = 1 and decision.has_commitment = 0 then 'COMMITMENT ' else '' end
            || case when decision.papers_known = 1 and decision.has_authorisation = 0 and not exists (
                select 1 from facts.income_check allowed
                where allowed.application_id = decision.application_id and allowed.authorised) then 'AUTHORISATION ' else '' end
            || case when decision.papers_known = 1 and decision.has_declaration = 0 then 'DECLARATION' else '' end) as missing,
        checked.declared_per_capita_fen, checked.verified_per_capita_fen,
        cast(round(100.0 * abs(checked.verified_per_capita_fen - checked.declared_per_capita_fen)
            / nullif(greatest(checked.declared_per_capita_fen, checked.verified_per_capita_fen), 0), 1) as double precision)
            as difference_percent
    from (
        select
            placed.application_id, placed.decided_at,
            max(case when placed.stage_code = 'DECIDE' and placed.at = placed.decided_at and placed.result = 'agree' then 1 else 0 end)
                as is_agreed,
            max(case when 'commitment' = any(placed.evidence) then 1 else 0 end) as has_commitment,
            max(case when 'authorisation' = any(placed.evidence) then 1 else 0 end) as has_authorisation,
            max(case when 'declaration' = any(placed.evidence) then 1 else 0 end) as has_declaration,
            min(case when placed.stage_code in ('APPLY', 'ACCEPT') then case when placed.evidence_known then 1 else 0 end end)
                as papers_known
        from (
            select
                stage.application_id, stage.stage_code, stage.at, stage.result, stage.evidence, stage.evidence_known,
                max(case when stage.stage_code = 'DECIDE' then stage.at end) over (partition by stage.application_id) as decided_at
            from facts.stage stage
            where stage.at >= timestamptz '1900-01-01 00:00:00+00'
        ) placed
        where placed.at <= placed.decided_at
        group by placed.application_id, placed.decided_at
    ) decision
    join facts.application application on application.application_id = decision.application_id
    left join facts.income_check checked
        on checked.application_id = decision.application_id
        and checked.check_id = (
            select max(latest.check_id) from facts.income_check latest
            where latest.application_id = decision.application_id and latest.checked_at = (
                select max(any_check.checked_at) from facts.income_check any_check
                where any_check.application_id = decision.application_id and any_check.checked_at <= decision.decided_at))
    where application.path = 'commitment' and decision.is_agreed = 1
) judged
where judged.missing <> '' or judged.difference_percent > judged.limit_percent
