/*---
code     = "E18"
version  = 2
title    = { zh = "高消费辅助评估", en = "Auxiliary high consumption" }
basis    = ["民发〔2021〕57号 第17条（仅作辅助评估）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.school", "register.border"]
why      = { zh = "高收费学校、一年多次出境，与困难家庭不相称；只能提示去问一问。", en = "A costly school or several trips abroad in a year do not fit a family in need; it can only be a hint to ask." }
remedy   = { zh = "询问费用来源；亲友资助、公费的说明即可。不得仅凭此减发、停发。", en = "Ask who pays; help of kin or a public stipend needs no more than a word. Nobody's benefit is cut for this alone." }
blind_to = { zh = "水电气用量没有数据；出境目的看不到。定时统计。", en = "Has no use of water, power or gas, and no purpose of a trip. Counted by the clock." }
says     = { zh = "{what}：年学费 {fee_fen}，{year} 年出境 {trips} 次。", en = "{what}: school fee of a year {fee_fen}, {trips} trip(s) abroad in {year}." }
clears   = { zh = "更正登记，或待遇终止。", en = "The record is corrected, or the benefit ends." }

[params]
school_fee = 20000  # yuan a year
trips = 2           # in a calendar year

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "coalesce(own.as_of, own.since_on, own.from_date)"

[touches]
benefit = "*"
household = "*"
household_member = "*"
person = "*"
register = "*"
income_check = "*"
standard = "*"
region = "*"
---*/
select
    held.person_key as subject_key, held.what as item, min(held.at) as notice_at, min(held.region_code) as region_code, min(held.benefit_id) as benefit_id,
    held.what, max(held.fee_fen) as fee_fen, max(held.trips) as trips, max(held.year) as year
from (
    select own.person_key, own.benefit_id, own.region_code, 'COSTLY_SCHOOL' as what, own.fee_fen, 0 as trips, to_char(own.since_on, 'YYYY') as year,
        cast(own.since_on as timestamp) at time zone 'Asia/Shanghai' as at
    from facts.means own where own.kind = 'school' and own.fee_fen > :school_fee * 100
    union all
    select own.person_key, own.benefit_id, own.region_code, 'TRIPS_ABROAD', null, own.nth, own.year,
        cast(own.from_date as timestamp) at time zone 'Asia/Shanghai'
    from (
        select trip.*, to_char(trip.from_date, 'YYYY') as year,
            cast(row_number() over (partition by trip.person_key, trip.benefit_id, to_char(trip.from_date, 'YYYY') order by trip.from_date, trip.record_id) as int) as nth
        from facts.means trip where trip.kind = 'border' and trip.from_date is not null
    ) own
    where own.nth >= :trips
) held
group by held.person_key, held.what
