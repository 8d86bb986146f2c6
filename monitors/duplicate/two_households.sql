/*---
code     = "D07"
version  = 1
title    = { zh = "同人多户", en = "Same person counted in two households" }
basis    = ["民发〔2021〕57号 第7条、第8条"]
subject  = "person"
to       = "U"
why      = { zh = "同一人在两户同时计入，两户的人均收入和保障人口都算错了。", en = "One person is counted in two households at once, so the income per head and the persons covered are wrong in both." }
remedy   = { zh = "核对共同生活情况，只在一户计入；迁移的补登迁出日期。", en = "Verify where the person lives and count them once; enter the day of leaving if they moved." }
blind_to = { zh = "身份证号缺失的人。单人户按第8条放宽：重度残疾或有住院登记（登记中不区分病种，一律从宽）且原家庭属低保边缘的，不提示。", en = "People without an ID number. Single-person entry under article 8 is exempt: severe disability or a hospital record (registers do not tell the illness, so any counts) and a family on the margin." }
says     = { zh = "自 {from_date} 起同时计入 {first_household_id} 与 {second_household_id} 两户。", en = "Counted in two households since {from_date}: {first_household_id} and {second_household_id}." }
clears   = { zh = "其中一户的成员记录终止、改为不计入或删除。", en = "One of the two memberships is ended, no longer counted, or deleted." }

[touches]
household_member = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household = "select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
person = "person_key"
register = "select unnest(:id_number_key::text[]) union select person_key from facts.identity where person_id = any(:person_id)"
benefit = "select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
---*/
-- Those with two households are looked for first: few of a city. Said as an equation, it is planned for few.
select pair.person_key as subject_key, '' as item,
    min(pair.yellow_at) as yellow_at,
    min(pair.region_code) as region_code, min(pair.from_date) as from_date,
    min(pair.first_household_id) as first_household_id, max(pair.second_household_id) as second_household_id
from (
    select m.person_key, m.household_id as first_household_id, n.household_id as second_household_id,
        coalesce(h.region_code, g.region_code) as region_code, greatest(m.from_date, n.from_date) as from_date,
        coalesce(cast(greatest(m.from_date, n.from_date) as timestamp) at time zone 'Asia/Shanghai', greatest(m.event_at, n.event_at)) as yellow_at
    from (
        select i.person_key, one.household_id, one.from_date, one.to_date, one.event_at,
            min(one.household_id) over (partition by i.person_key) as lowest_id, max(one.household_id) over (partition by i.person_key) as highest_id
        from facts.identity i
        join facts.household_member one on one.person_id = i.person_id and one.counted
        where i.person_key is not null
    ) m
    join facts.identity j on j.person_key = m.person_key
    join facts.household_member n on n.person_id = j.person_id and n.counted and n.household_id > m.household_id
        and coalesce(m.from_date, date '0001-01-01') <= coalesce(n.to_date, date '9999-12-31')
        and coalesce(n.from_date, date '0001-01-01') <= coalesce(m.to_date, date '9999-12-31')
    left join facts.household h on h.household_id = m.household_id
    left join facts.household g on g.household_id = n.household_id
    where nullif(m.highest_id, m.lowest_id) = m.highest_id and not (
        (
            exists (select 1 from facts.person p where p.person_key = m.person_key
                and (p.disability_grade in (1, 2) or p.disability_category in ('5', '6') and p.disability_grade = 3))
            or exists (select 1 from facts.register r where r.person_key = m.person_key and r.kind = 'hospital')
        ) and (
            (
                (select count(*) from facts.household_member x where x.household_id = m.household_id and x.counted
                    and coalesce(x.to_date, date '9999-12-31') >= coalesce(greatest(m.from_date, n.from_date), date '0001-01-01')) = 1
                and exists (select 1 from facts.benefit b where b.household_id = n.household_id and b.programme = 'dibao_margin'
                    and coalesce(b.end_period, '9999-12') >= to_char(coalesce(greatest(m.from_date, n.from_date), date '0001-01-01'), 'YYYY-MM'))
            ) or (
                (select count(*) from facts.household_member x where x.household_id = n.household_id and x.counted
                    and coalesce(x.to_date, date '9999-12-31') >= coalesce(greatest(m.from_date, n.from_date), date '0001-01-01')) = 1
                and exists (select 1 from facts.benefit b where b.household_id = m.household_id and b.programme = 'dibao_margin'
                    and coalesce(b.end_period, '9999-12') >= to_char(coalesce(greatest(m.from_date, n.from_date), date '0001-01-01'), 'YYYY-MM'))
            )
        )
    )
) pair
group by pair.person_key
