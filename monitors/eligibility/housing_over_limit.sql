/*---
code     = "E06"
version  = 2
title    = { zh = "房产超标", en = "Housing over the limit" }
basis    = ["民发〔2021〕57号 第17条", "地方规定（深圳、灌云）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.property"]
why      = { zh = "家庭名下住房套数、面积或购房时间不符合当地财产规定。", en = "The family's homes, their size or the time of a purchase are beyond the local limit of property." }
remedy   = { zh = "核实产权和实际居住；共有、继承未分割、危房按当地规定处理。", en = "Verify title and use; shares, undivided inheritances and unsafe houses follow the local rule." }
blind_to = { zh = "同一套房由几个部门或几个共有人报送的，有不动产单元号的按号、没有的按面积只算一套，部门之间取登记多的一家；面积、用途、购买日期没有登记的，只按套数判断不了的不判断；小产权房看不到。定时统计。", en = "A house told by several departments or owners counts once: by its number, without one by its size, and of the departments the one that knows most. Silent where size, use and date of purchase are not on record; unregistered houses are not seen. Counted by the clock." }
says     = { zh = "家庭有住房 {homes} 套，人均 {area_per_head_m2} 平方米；非住宅 {other_properties} 处；最近购买 {purchased_on}。", en = "The family has {homes} home(s), {area_per_head_m2} m² a head, {other_properties} other propert(ies); last purchase {purchased_on}." }
clears   = { zh = "产权转移，待遇终止，或更正登记。", en = "Title passes, the benefit ends, or the record is corrected." }

[params]
homes = 2           # from so many on the size counts
area = 40           # square metres a head

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
application = "*"
---*/
-- Title and filed contract, and each owner of a share, are records of one house: its number tells, without one its size, within one department.
-- Of what departments know without numbers only the longest list counts: the lists may be about the same houses.
select
    owned.person_key as subject_key, '' as item, cast(max(owned.since_on) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    min(owned.region_code) as region_code, min(owned.benefit_id) as benefit_id, min(owned.programme) as programme, max(owned.homes) as homes,
    cast(round(cast(max(owned.area_m2_of_family / owned.persons) as numeric), 1) as double precision) as area_per_head_m2,
    max(owned.other_properties) as other_properties, max(case when owned.bought_lately then owned.purchased_on end) as purchased_on, max(owned.as_of) as as_of
from (
    select
        told.*, greatest(told.homes_numbered, max(told.homes_told) over (partition by told.benefit_id)) as homes,
        greatest(told.others_numbered, max(told.others_told) over (partition by told.benefit_id)) as other_properties,
        greatest(told.m2_numbered, max(told.m2_told) over (partition by told.benefit_id)) as area_m2_of_family
    from (
        select
            house.*,
            count(case when house.home and house.numbered = 1 then 1 end) over (partition by house.benefit_id) as homes_numbered,
            count(case when not house.home and house.numbered = 1 then 1 end) over (partition by house.benefit_id) as others_numbered,
            sum(case when house.home and house.numbered = 1 then house.area_m2 end) over (partition by house.benefit_id) as m2_numbered,
            count(case when house.home and house.told = 1 then 1 end) over (partition by house.benefit_id, house.department) as homes_told,
            count(case when not house.home and house.told = 1 then 1 end) over (partition by house.benefit_id, house.department) as others_told,
            sum(case when house.home and house.told = 1 then house.area_m2 end) over (partition by house.benefit_id, house.department) as m2_told
        from (
            select
                own.*, coalesce(own.residential, true) as home,
                coalesce(own.purchased_on >= cast(coalesce(cast(application.submitted_at at time zone 'Asia/Shanghai' as date),
                    cast(own.from_period || '-01' as date)) - interval '12 months' as date), false) as bought_lately,
                case when own.property_no is not null then row_number() over (
                    partition by own.benefit_id, own.property_no order by own.area_m2, own.record_id) end as numbered,
                row_number() over (
                    partition by own.benefit_id, own.department, coalesce(own.residential, true), coalesce(own.property_no, cast(round(own.area_m2) as text))
                    order by own.area_m2, own.record_id) as told,
                cast(:homes as int) as most_homes, cast(:area as int) as most_m2
            from facts.means own
            left join facts.application application on application.application_id = own.application_id
            where own.kind = 'property' and own.to_date is null
        ) house
    ) told
) owned
where owned.homes >= owned.most_homes and owned.area_m2_of_family > owned.most_m2 * owned.persons or not owned.home or owned.bought_lately
group by owned.person_key
