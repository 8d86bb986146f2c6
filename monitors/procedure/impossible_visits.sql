/*---
code     = "P12"
version  = 1
title    = { zh = "入户时空异常", en = "Impossible visits" }
basis    = ["民发〔2021〕57号 第16条"]
subject  = "staff"
to       = "U"
scope    = "all"
needs    = ["stage", "visit"]
why      = { zh = "一天跑几十户、几分钟跨几十公里、定位不在人家门口，多半是没有真去。", en = "Dozens of homes in a day, miles in minutes, positions far from the home: most likely nobody went." }
remedy   = { zh = "抽查当日入户的照片、签字和电话回访，没有真去的重新入户。", en = "Check that day's photos and signatures and call the families; where nobody went, visit again." }
blind_to = { zh = "没有定位的只看户数；定位漂移、代打卡看不出。只看登记了经办人的入户，按人按日判断，由系统定时比对（不是每条事件即时判断）。", en = "Without positions only the number of homes is judged; drifting positions and borrowed devices are not seen. Looks at visits with their people on record, by person and day; asked by the clock, not for each event." }
says     = { zh = "{visited_on} 登记入户 {n_households} 户；不可能的移动 {jumps} 次；{located} 次有定位的入户中 {far} 次偏离住址。", en = "{visited_on}: {n_households} households; {jumps} impossible journeys; {far} of {located} visits with a position were far from the home." }
clears   = { zh = "更正入户时间、人员或定位；确有异常的，记录保留。", en = "Corrected times, people or positions; what happened stays on record." }

[params]
households = 20     # a day
speed_kmh = 80
far_km = 1
far_percent = 30
located = 5
repeat_days = 90

[override_by]
region = "day.region_code"
on = "day.visited_on"

[touches]
stage = "*"
visit = "*"
household = "*"
application = "*"
---*/
-- Half a kilometre is allowed for the position itself. Red when it happened within so many days before, too.
select
    found.staff_id as subject_key, cast(found.visited_on as text) as item, found.last_at as yellow_at,
    case when found.visited_on - found.visited_before <= found.repeat_days then found.last_at end as red_at,
    found.region_code, found.unit_code, found.visited_on, found.n_households, found.jumps, found.far, found.located
from (
    select
        odd.*, lag(odd.visited_on) over (partition by odd.staff_id order by odd.visited_on) as visited_before
    from (
        select day.*, :repeat_days as repeat_days, :households as households, :far_percent as far_percent, :located as located_limit
        from (
            select
                leg.staff_id, leg.visited_on, max(leg.at) as last_at, min(leg.region_code) as region_code,
                min(leg.unit_code) as unit_code, count(distinct leg.household_id) as n_households,
                sum(case when leg.km > leg.speed_kmh * extract(epoch from leg.at - leg.at_before) / 3600.0 + 0.5 then 1 else 0 end)
                    as jumps,
                sum(case when leg.home_km is not null then 1 else 0 end) as located,
                sum(case when leg.home_km > leg.far_km then 1 else 0 end) as far
            from (
                select
                    day.*, :speed_kmh as speed_kmh, :far_km as far_km,
                    case when day.lat + day.lon + day.lat_before + day.lon_before is not null then
                        12742 * asin(sqrt(least(1, power(sin(radians(day.lat - day.lat_before) / 2), 2)
                            + cos(radians(day.lat)) * cos(radians(day.lat_before))
                            * power(sin(radians(day.lon - day.lon_before) / 2), 2)))) end as km,
                    case when day.lat + day.lon + home.lat + home.lon is not null then
                        12742 * asin(sqrt(least(1, power(sin(radians(day.lat - home.lat) / 2), 2)
                            + cos(radians(day.lat)) * cos(radians(home.lat))
                            * power(sin(radians(day.lon - home.lon) / 2), 2)))) end as home_km
                from (
                    select
                        seen.*, cast(seen.at at time zone 'Asia/Shanghai' as date) as visited_on,
                        lag(seen.at) over (partition by seen.staff_id order by seen.at) as at_before,
                        lag(seen.lat) over (partition by seen.staff_id order by seen.at) as lat_before,
                        lag(seen.lon) over (partition by seen.staff_id order by seen.at) as lon_before
                    from (
                        select
                            unnest(stage.staff_ids) as staff_id, stage.at, stage.lon, stage.lat, application.household_id,
                            application.region_code, application.unit_code
                        from facts.stage stage
                        join facts.application application on application.application_id = stage.application_id
                        where stage.stage_code in ('VISIT', 'COUNTY_VISIT') and stage.at >= timestamptz '1900-01-01 00:00:00+00'
                        union all
                        select
                            unnest(visit.staff_ids), visit.visited_at, visit.lon, visit.lat, visit.household_id, lived.region_code,
                            cast(null as text)
                        from facts.visit visit
                        left join facts.household lived on lived.household_id = visit.household_id
                        where visit.visited_at >= timestamptz '1900-01-01 00:00:00+00'
                    ) seen
                ) day
                left join facts.household home on home.household_id = day.household_id
            ) leg
            group by leg.staff_id, leg.visited_on
        ) day
    ) odd
    where odd.n_households > odd.households or odd.jumps > 0
        or (odd.located >= odd.located_limit and odd.far * 100 > odd.far_percent * odd.located)
) found
