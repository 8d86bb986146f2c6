/*---
code     = "P25"
version  = 1
title    = { zh = "拒绝就业处理扩大范围", en = "Sanction wider than the person" }
basis    = ["民发〔2021〕57号 第34条", "社会救助暂行办法 第45条"]
subject  = "application"
to       = "U"
needs    = ["benefit"]
why      = { zh = "三次拒绝就业只能减发或停发本人的低保金，家里的老人孩子不能跟着停。", en = "Three refusals of work touch that person's own share; the old and the children of the family must not lose theirs." }
remedy   = { zh = "恢复其他成员的待遇并补发。", en = "Restore the shares of the other members and pay what was missed." }
blind_to = { zh = "拒绝工作的次数没有数据来源，不足三次的看不出来；只比较处理前后的保障人数。没有申请编号的待遇由 P16 判断。", en = "No source counts refusals of work, so fewer than three cannot be seen; compares the persons covered before and after. A benefit without an application is P16's matter." }
says     = { zh = "待遇 {benefit_id} 于 {changed_at} 以拒绝就业为由处理，保障人数由 {before_persons} 人变为 {after_persons} 人。", en = "Benefit {benefit_id} was sanctioned at {changed_at} for refused work: persons covered went from {before_persons} to {after_persons}." }
clears   = { zh = "恢复其他成员的待遇，或更正处理原因和保障人数。", en = "The other members are covered again, or the reason and the persons covered are corrected." }

[params]
limit = 1           # persons

[override_by]
region = "sanction.region_code"
programme = "sanction.programme"
on = "cast(sanction.changed_at at time zone 'Asia/Shanghai' as date)"

[touches]
benefit = "application_id"
---*/
-- The household's benefit as it stood before the sanction and as it is now; stopped, it covers nobody.
select
    sanction.application_id as subject_key, sanction.benefit_id as item, sanction.changed_at as yellow_at,
    sanction.region_code, sanction.programme, sanction.benefit_id, sanction.household_id, sanction.changed_at,
    sanction.end_period, sanction.before_persons, sanction.after_persons
from (
    select
        begun.*,
        coalesce((
            select max(before.covered_persons) from facts.benefit_version before
            where before.benefit_id = begun.benefit_id and before.to_at = begun.changed_at
        ), begun.covered_persons) as before_persons,
        case when begun.end_period is not null then 0 else begun.covered_persons end as after_persons
    from (
        select
            benefit.application_id, benefit.benefit_id, benefit.region_code, benefit.programme, benefit.household_id,
            benefit.end_period, benefit.covered_persons,
            (
                select min(held.event_at) from facts.benefit_version held
                where held.benefit_id = benefit.benefit_id and held.stop_reason = 'refused_work'
            ) as changed_at
        from facts.benefit benefit
        where benefit.stop_reason = 'refused_work' and benefit.programme = 'dibao'
            and benefit.person_id is null and benefit.person_id_known
    ) begun
) sanction
where sanction.before_persons - sanction.after_persons > :limit
