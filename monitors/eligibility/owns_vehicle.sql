/*---
code     = "E05"
version  = 1
title    = { zh = "拥有机动车", en = "Vehicle" }
basis    = ["民发〔2021〕57号 第17条", "地方规定（重庆：价值 3 万元以下除外）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.vehicle"]
why      = { zh = "家庭成员名下有机动车，可能超过当地财产规定。", en = "A vehicle stands in a member's name, possibly beyond the local limit of property." }
remedy   = { zh = "核实车辆实际使用人和现值；唯一谋生工具、残疾人代步车按规定除外。", en = "Find who uses it and what it is worth; the only means of a living and cars of the disabled are exempt." }
blind_to = { zh = "现值以登记的估值为准；借名登记看不出来。当地规定了价值上限而没有估值的不判断。定时统计。", en = "Its value is the one on record; who really owns it is not seen. Where the place sets a value and none is known, silent. Counted by the clock." }
says     = { zh = "{department} 登记有 {vehicle_type}，估值 {value_fen}，当地免计 {exempt_fen}。", en = "{department} has a {vehicle_type} on record, worth {value_fen}; exempt here up to {exempt_fen}." }
clears   = { zh = "车辆转移或注销，待遇终止，或更正登记。", en = "The vehicle is sold or taken off the register, the benefit ends, or the record is corrected." }

[params]
car_exempt = 0      # yuan
exempt_types = ["disabled_car", "motorcycle", "e_bike", "残疾代步", "残疾人代步车", "摩托车", "电动车"]

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "own.since_on"

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
    own.person_key as subject_key, '' as item, cast(min(own.since_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at, min(own.region_code) as region_code, min(own.benefit_id) as benefit_id,
    min(own.programme) as programme, min(own.department) as department, min(own.vehicle_type) as vehicle_type, max(own.value_fen) as value_fen,
    max(own.exempt_fen) as exempt_fen, count(*) as vehicles, max(own.as_of) as as_of
from (
    select own.*, cast(:car_exempt * 100 as bigint) as exempt_fen from facts.means own
    where own.kind = 'vehicle' and own.to_date is null and not coalesce(own.vehicle_type = any(:exempt_types), false)
        and not coalesce(own.sole_livelihood, false)
) own
where own.exempt_fen = 0 or own.value_fen > own.exempt_fen
group by own.person_key
