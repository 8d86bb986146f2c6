/*---
code     = "P09"
version  = 1
title    = { zh = "单位不相容岗位普遍未分离", en = "Control stages often in one hand" }
basis    = ["行政事业单位内部控制规范（试行）第9条（不相容岗位相互分离）"]
subject  = "unit"
to       = "U"
scope    = "all"
needs    = ["stage"]
why      = { zh = "一个单位两成以上的决定由同一人办到底，不是疏忽，是没有分岗。", en = "Where a fifth of a unit's decisions pass through one hand it is no oversight: the posts are not divided." }
remedy   = { zh = "调整岗位分工和系统权限，复核当月决定。", en = "Divide posts and rights in the system, and review the month's decisions." }
blind_to = { zh = "看不出借用他人账号；没有登记经办人或单位的不计。人员不足三人的委托乡镇由各案提示，不计入；按月定时统计，月份结束后才判断，不足五件的不判断。", en = "Cannot see a borrowed account; decisions without people or unit on record are not counted, nor those of delegated townships with fewer than three people (they get notices case by case). Counted by the clock after the end of a month, and silent below five decisions." }
says     = { zh = "截至 {period_end} 的当月 {decided} 件决定中，{same} 件由办理过入户或初审的同一人作出（{percent}%，上限 {limit_percent}%）。", en = "Of {decided} decisions in the month to {period_end}, {same} were taken by somebody who had visited or given the opinion ({percent} %, limit {limit_percent})." }
clears   = { zh = "由其他人员重新作出决定；经办人登记有误的，更正登记。", en = "New decisions by somebody else, or wrong records of the handlers corrected." }

[params]
limit = 20          # per cent
cases = 5
few_staff = 3

[override_by]
region = "month.region_code"
on = "month.period_end"

[touches]
application = "*"
stage = "*"
staff = "*"
---*/
select
    judged.unit_code as subject_key, to_char(judged.period_end, 'YYYY-MM') as item,
    cast(judged.period_end + 1 as timestamp) at time zone 'Asia/Shanghai' as red_at,
    judged.region_code, judged.unit_code, judged.period_end, judged.decided, judged.same,
    cast(round(100.0 * judged.same / judged.decided, 1) as double precision) as percent, judged.limit_percent
from (
    select month.*, :limit as limit_percent, :cases as cases, :few_staff as few_staff
    from (
        select
            decision.unit_code, decision.period_end, min(decision.region_code) as region_code, count(*) as decided,
            sum(case when decision.is_same then 1 else 0 end) as same,
            max(case when decision.path = 'delegated' then 1 else 0 end) as is_delegated,
            (
                select count(*) from facts.staff staff
                where staff.unit_code = decision.unit_code and coalesce(staff.active_to, date '9999-12-31') >= decision.period_end
            ) as n_staff
        from (
            select
                coalesce(stage.unit_code, application.unit_code) as unit_code, application.region_code, application.path,
                cast(date_trunc('month', stage.at at time zone 'Asia/Shanghai') + interval '1 month' as date) - 1 as period_end,
                exists (
                    select 1 from facts.stage prior
                    where prior.application_id = stage.application_id and prior.stage_code in ('VISIT', 'OPINION')
                        and prior.at <= stage.at and prior.staff_ids && stage.staff_ids) as is_same,
                row_number() over (partition by stage.application_id order by stage.at desc, stage.stage_id desc) as latest
            from facts.stage stage
            join facts.application application on application.application_id = stage.application_id
            where stage.stage_code = 'DECIDE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
                and coalesce(application.path, '') <> 'emergency'
        ) decision
        where decision.latest = 1 and decision.unit_code is not null
        group by decision.unit_code, decision.period_end
    ) month
) judged
where judged.decided >= judged.cases and judged.same * 100 >= judged.limit_percent * judged.decided
    and not (judged.is_delegated = 1 and judged.n_staff < judged.few_staff)
