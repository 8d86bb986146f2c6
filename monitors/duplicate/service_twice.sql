/*---
code     = "D12"
version  = 2
title    = { zh = "服务项目重复提供", en = "The same service provided twice" }
basis    = ["监察规程：跨部门服务应当标记，避免重复提供（杭州西湖做法）"]
subject  = "person"
to       = "U"
scope    = "all"
needs    = ["service_order", "project"]
why      = { zh = "两个部门的项目在几天内给同一个人做了同一种服务，钱付了两次，别的人却没有排上。", en = "Projects of two departments gave one person the same service within days: paid twice, while others wait." }
remedy   = { zh = "两个项目核对名单，合并安排；多付的从结算中扣除。", en = "Compare the lists of both projects and plan together; take what was paid twice off the account." }
blind_to = { zh = "只看报送了服务代码和对象的已完成工单；占比按工单数计，一单只计一次；本来就要隔几天做一次的服务（如助餐）请按地区设更短的天数。定时统计。", en = "Sees finished orders with a service code and a person; an order counts once in the share; for services that are due every few days, such as meals, set fewer days in the place. Counted by the clock." }
says     = { zh = "服务 {service_code} 由项目 {project_a}、{project_b} 在 {days} 天内各做一次，重复 {times} 次；重复工单占项目工单最高 {percent}%。", en = "Service {service_code} was given by projects {project_a} and {project_b} within {days} day(s), {times} time(s); at most {percent} % of a project's orders are such." }
clears   = { zh = "更正工单，或其中一单取消。", en = "A wrong order is corrected or cancelled." }

[params]
limit = 7           # calendar days
yellow_percent = 10 # of the done orders of a project

[override_by]
region = "project.region_code"
on = "cast(done.started_at at time zone 'Asia/Shanghai' as date)"

[touches]
service_order = "*"
project = "*"
person = "*"
---*/
-- An order counts once, however many orders of other projects lie near it: daily meals of two projects are not a hundred pairs.
select
    hit.person_key as subject_key, hit.service_code as item, min(hit.at) as notice_at,
    min(case when hit.percent > hit.yellow_percent then hit.at end) as yellow_at,
    coalesce(min(case when hit.project_id < hit.other_project_id then hit.region_code end), min(hit.region_code)) as region_code,
    coalesce(min(case when hit.project_id < hit.other_project_id then hit.unit_code end), min(hit.unit_code)) as unit_code,
    hit.service_code, min(least(hit.project_id, hit.other_project_id)) as project_a, max(greatest(hit.project_id, hit.other_project_id)) as project_b,
    min(hit.days) as days, count(case when hit.repeats then 1 end) as times, cast(max(hit.percent) as double precision) as percent
from (
    select met.*, round(100.0 * count(*) over (partition by met.project_id) / met.orders, 1) as percent
    from (
        select
            one.order_id, one.project_id, one.person_key, one.service_code, one.region_code, one.unit_code, one.orders, one.yellow_percent,
            min(other.project_id) as other_project_id, min(greatest(one.started_at, other.started_at)) as at,
            min(abs(one.started_on - other.started_on)) as days,
            bool_or(other.started_at < one.started_at or other.started_at = one.started_at and other.order_id < one.order_id) as repeats
        from (
            select
                done.order_id, done.project_id, done.service_code, done.started_at, identity.person_key, project.region_code, project.unit_code,
                cast(done.started_at at time zone 'Asia/Shanghai' as date) as started_on, count(*) over (partition by done.project_id) as orders,
                cast(:limit as int) as limit_days, :yellow_percent as yellow_percent
            from facts.service_order done
            left join facts.identity identity on identity.person_id = done.person_id
            left join facts.project project on project.project_id = done.project_id
            where done.status = 'done'
        ) one
        join (
            select
                done.order_id, done.project_id, done.service_code, done.started_at, identity.person_key,
                cast(done.started_at at time zone 'Asia/Shanghai' as date) as started_on
            from facts.service_order done
            join facts.identity identity on identity.person_id = done.person_id
            where done.status = 'done'
        ) other on other.person_key = one.person_key and other.service_code = one.service_code and other.project_id <> one.project_id
            and other.started_on >= one.started_on - one.limit_days and other.started_on <= one.started_on + one.limit_days
        group by one.order_id, one.project_id, one.person_key, one.service_code, one.region_code, one.unit_code, one.orders, one.yellow_percent
    ) met
) hit
group by hit.person_key, hit.service_code
