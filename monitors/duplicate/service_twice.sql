/*---
code     = "D12"
version  = 1
title    = { zh = "服务项目重复提供", en = "The same service provided twice" }
basis    = ["监察规程：跨部门服务应当标记，避免重复提供（杭州西湖做法）"]
subject  = "person"
to       = "U"
scope    = "all"
needs    = ["service_order", "project"]
why      = { zh = "两个部门的项目在几天内给同一个人做了同一种服务，钱付了两次，别的人却没有排上。", en = "Projects of two departments gave one person the same service within days: paid twice, while others wait." }
remedy   = { zh = "两个项目核对名单，合并安排；多付的从结算中扣除。", en = "Compare the lists of both projects and plan together; take what was paid twice off the account." }
blind_to = { zh = "只看报送了服务代码和对象的已完成工单；本来就要隔几天做一次的服务（如助餐）请按项目设更短的天数。定时统计。", en = "Sees finished orders with a service code and a person; for services that are due every few days, such as meals, set fewer days. Counted by the clock." }
says     = { zh = "服务 {service_code} 由项目 {project_a}、{project_b} 在 {days} 天内各做一次，共 {times} 次；占项目工单最高 {percent}%。", en = "Service {service_code} was given by projects {project_a} and {project_b} within {days} day(s), {times} time(s); at most {percent} % of a project's orders are such." }
clears   = { zh = "更正工单，或其中一单取消。", en = "A wrong order is corrected or cancelled." }

[params]
limit = 7           # calendar days
yellow_percent = 10 # of the done orders of a project

[touches]
service_order = "*"
project = "*"
person = "*"
---*/
select
    pair.person_key as subject_key, pair.service_code as item, min(pair.at) as notice_at,
    min(case when pair.percent > pair.yellow_percent then pair.at end) as yellow_at, min(pair.region_code) as region_code, min(pair.unit_code) as unit_code,
    pair.service_code, min(pair.project_a) as project_a, max(pair.project_b) as project_b, min(pair.days) as days, count(*) as times,
    cast(max(pair.percent) as double precision) as percent
from (
    select
        twice.*, :yellow_percent as yellow_percent,
        round(100.0 * greatest(twice.of_a, twice.of_b), 1) as percent
    from (
        select
            met.*,
            1.0 * count(*) over (partition by met.project_a) / met.orders_a as of_a,
            1.0 * count(*) over (partition by met.project_b) / met.orders_b as of_b
        from (
            select
                i.person_key, one.service_code, one.project_id as project_a, other.project_id as project_b, project.region_code, project.unit_code,
                greatest(one.started_at, other.started_at) as at, one.orders as orders_a, other.orders as orders_b,
                abs(cast(one.started_at at time zone 'Asia/Shanghai' as date) - cast(other.started_at at time zone 'Asia/Shanghai' as date)) as days
            from (
                select done.*, count(*) over (partition by done.project_id) as orders from facts.service_order done where done.status = 'done'
            ) one
            join (
                select done.*, count(*) over (partition by done.project_id) as orders from facts.service_order done where done.status = 'done'
            ) other on other.service_code = one.service_code and other.project_id > one.project_id
            join facts.identity i on i.person_id = one.person_id
            join facts.identity j on j.person_id = other.person_id and j.person_key = i.person_key
            left join facts.project project on project.project_id = one.project_id
            where abs(cast(one.started_at at time zone 'Asia/Shanghai' as date)
                - cast(other.started_at at time zone 'Asia/Shanghai' as date)) <= :limit
        ) met
    ) twice
) pair
group by pair.person_key, pair.service_code
