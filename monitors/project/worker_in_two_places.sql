/*---
code     = "J08"
version  = 2
title    = { zh = "服务时空冲突", en = "Worker in two places at once" }
basis    = ["政府购买服务管理办法（财政部令第102号） 履约管理", "社会救助服务数字监测（地方做法）"]
subject  = "project"
to       = "P"
params   = { red_percent = 10, speed_km_h = 80, near_km = 0.5, distance_percent = 20, distance_orders = 10 }
override_by = { region = "project.region_code" }
why      = { zh = "同一名服务人员不可能同时在两处服务，也不可能瞬间跨越几十公里；多半有一单没有真做。", en = "One worker cannot serve in two places at once or cross tens of kilometres in a moment; one of the orders was probably not done." }
remedy   = { zh = "调取工单照片、签字和定位，逐单向服务对象电话核实；核实前不得扣减服务对象的服务。", en = "Check photos, signatures and positions and ring the people served, order by order; nobody's service is cut before that." }
blind_to = { zh = "代打卡、虚假定位；没有坐标的工单只查时间重叠；住户没有坐标的不查签到距离。", en = "Check-ins by others and faked positions; orders without coordinates are tested for overlap only, households without coordinates not for distance." }
says     = { zh = "{orders} 张完成工单中 {conflicts} 张时空冲突（{conflict_percent}%），另有 {far} 张签到距住处超过 500 米（{located} 张可比），首例 {first_at}。", en = "{conflicts} of {orders} done orders conflict in time or place ({conflict_percent} %); {far} of {located} were checked in more than 500 m from the home; the first on {first_at}." }
clears   = { zh = "工单时间、人员或坐标经核实更正，或冲突工单被取消。", en = "Times, workers or positions are corrected after verification, or the conflicting orders are cancelled." }

[touches]
service_order = "select unnest(:project_id::text[]) union select o.project_id from facts.service_order o where o.worker_id = any(:worker_id)"
household_member = "select o.project_id from facts.service_order o where o.person_id = any(:person_id)"
household = "select o.project_id from facts.service_order o join facts.household_member m on m.person_id = o.person_id where m.household_id = any(:household_id)"
project = "project_id"
---*/
-- Great-circle distance by the haversine formula, earth radius 6,371 km. A pair is in conflict when it overlaps by a
-- minute or more, or when the way between the end of one and the start of the next asks for more than the speed allowed.
select served.project_id as subject_key, '' as item,
    served.first_at as yellow_at,
    case when served.conflicts * 100 > :red_percent * served.orders then served.last_conflict_at end as red_at,
    project.region_code, project.unit_code, project.provider_id, served.orders, served.conflicts,
    round(100.0 * served.conflicts / served.orders, 1) as conflict_percent, served.overlaps, served.jumps,
    served.located, served.far, served.first_at, served.sample_order_id
from (
    select judged.project_id, count(*) as orders,
        sum(case when judged.overlaps or judged.jumps then 1 else 0 end) as conflicts,
        sum(case when judged.overlaps then 1 else 0 end) as overlaps, sum(case when judged.jumps then 1 else 0 end) as jumps,
        count(judged.km_from_home) as located, sum(case when judged.km_from_home > judged.near_km then 1 else 0 end) as far,
        coalesce(min(case when judged.overlaps or judged.jumps then judged.started_at end), max(judged.started_at)) as first_at,
        max(case when judged.overlaps or judged.jumps then judged.started_at end) as last_conflict_at,
        max(judged.started_at) as last_at,
        min(case when judged.overlaps or judged.jumps then judged.order_id end) as sample_order_id
    from (
        select o.project_id, o.order_id, o.started_at, :near_km as near_km,
            exists (
                select 1 from facts.service_order other
                where other.worker_id = o.worker_id and other.order_id <> o.order_id and other.status = 'done'
                    and other.started_at > o.started_at - interval '1 day'
                    and other.started_at <= o.ended_at - interval '1 minute' and other.ended_at >= o.started_at + interval '1 minute'
                    and other.ended_at >= other.started_at + interval '1 minute' and o.ended_at >= o.started_at + interval '1 minute'
            ) as overlaps,
            exists (
                select 1 from facts.service_order other
                where other.worker_id = o.worker_id and other.order_id <> o.order_id and other.status = 'done'
                    and other.started_at between o.ended_at and o.ended_at + interval '12 hours'
                    and 12742 * asin(sqrt(power(sin(radians(other.lat_in - coalesce(o.lat_out, o.lat_in)) / 2), 2)
                        + cos(radians(other.lat_in)) * cos(radians(coalesce(o.lat_out, o.lat_in)))
                        * power(sin(radians(other.lon_in - coalesce(o.lon_out, o.lon_in)) / 2), 2)))
                        > :near_km + :speed_km_h * extract(epoch from other.started_at - o.ended_at) / 3600
            ) or exists (
                select 1 from facts.service_order other
                where other.worker_id = o.worker_id and other.order_id <> o.order_id and other.status = 'done'
                    and other.ended_at between o.started_at - interval '12 hours' and o.started_at
                    and other.started_at between o.started_at - interval '36 hours' and o.started_at
                    and 12742 * asin(sqrt(power(sin(radians(o.lat_in - coalesce(other.lat_out, other.lat_in)) / 2), 2)
                        + cos(radians(o.lat_in)) * cos(radians(coalesce(other.lat_out, other.lat_in)))
                        * power(sin(radians(o.lon_in - coalesce(other.lon_out, other.lon_in)) / 2), 2)))
                        > :near_km + :speed_km_h * extract(epoch from o.started_at - other.ended_at) / 3600
            ) as jumps,
            (
                select min(12742 * asin(sqrt(power(sin(radians(o.lat_in - h.lat) / 2), 2)
                    + cos(radians(o.lat_in)) * cos(radians(h.lat)) * power(sin(radians(o.lon_in - h.lon) / 2), 2))))
                from facts.household_member m join facts.household h on h.household_id = m.household_id
                where m.person_id = o.person_id
            ) as km_from_home
        from facts.service_order o
        left join facts.project project on project.project_id = o.project_id
        where o.status = 'done'
    ) judged
    group by judged.project_id
) served
left join facts.project project on project.project_id = served.project_id
where served.conflicts > 0
    or (served.located >= :distance_orders and served.far * 100 > :distance_percent * served.located)
