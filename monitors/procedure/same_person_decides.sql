/*---
code     = "P09"
version  = 1
title    = { zh = "不相容岗位未分离", en = "Same person in two control stages" }
basis    = ["行政事业单位内部控制规范（试行）第9条（不相容岗位相互分离）"]
subject  = "application"
to       = "U"
why      = { zh = "入户、初审和确认由不同的人办，才能互相把关；一人办到底，错了也没有人发现。", en = "Visit, opinion and decision in different hands check each other; in one hand, nobody sees a mistake." }
remedy   = { zh = "由另一名人员复核该决定；调整岗位分工。", en = "Let somebody else review the decision, and share out the posts anew." }
blind_to = { zh = "看不出借用他人账号；没有报送经办人的不判断。单位当月两成以上如此的（红牌），另按单位按月统计。", en = "Cannot see a borrowed account; silent where the handlers were not sent. That a fifth of a unit's month was decided so (red) is counted apart, by unit and month." }
says     = { zh = "{decided_at} 作出确认的人员也办理了 {other_step}；单位登记在岗 {n_staff} 人。", en = "Who decided at {decided_at} also took the step {other_step}; {n_staff} people of the unit are on record." }
clears   = { zh = "由其他人员重新作出决定；经办人登记有误的，更正登记。", en = "A new decision by somebody else, or a wrong record of the handlers corrected." }

[params]
few_staff = 3

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(decision.decided_at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
staff = "select application.application_id from facts.application application where application.path = 'delegated' and application.unit_code = any(:unit_code)"
---*/
-- A delegated township with few people (or with none on record) gets a notice only.
select
    judged.application_id as subject_key, '' as item,
    case when judged.is_small then judged.decided_at end as notice_at,
    case when not judged.is_small then judged.decided_at end as yellow_at,
    judged.region_code, judged.unit_code, judged.programme, judged.path, judged.decided_at,
    judged.other_step, judged.n_staff
from (
    select
        handled.*, handled.path = 'delegated' and handled.n_staff < handled.few_staff as is_small
    from (
        select
            decision.application_id, decision.decided_at, application.region_code, application.unit_code, application.programme,
            coalesce(application.path, '') as path, :few_staff as few_staff,
            trim(max(case when prior.stage_code = 'VISIT' then 'VISIT ' else '' end)
                || max(case when prior.stage_code = 'OPINION' then 'OPINION' else '' end)) as other_step,
            case when application.path = 'delegated' then (
                select count(*) from facts.staff staff
                where staff.unit_code = application.unit_code
                    and coalesce(staff.active_to, date '9999-12-31') >= cast(decision.decided_at at time zone 'Asia/Shanghai' as date)
            ) end as n_staff
        from (
            select
                stage.application_id, stage.at as decided_at, stage.staff_ids,
                row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest
            from facts.stage stage
            where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
        ) decision
        join facts.application application on application.application_id = decision.application_id
        join facts.stage prior
            on prior.application_id = decision.application_id and prior.stage_code in ('VISIT', 'OPINION')
            and prior.at <= decision.decided_at and prior.staff_ids && decision.staff_ids
        where decision.latest = 1 and coalesce(application.path, '') <> 'emergency'
        group by decision.application_id, decision.decided_at, application.region_code, application.unit_code,
            application.programme, application.path
    ) handled
) judged
