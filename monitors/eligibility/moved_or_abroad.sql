/*---
code     = "E16"
version  = 2
title    = { zh = "户籍迁出注销或长期出境", en = "Moved away or abroad" }
basis    = ["社会救助暂行办法（国务院令第649号）第11条", "地方规定（深圳：离市超过三个月报告）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.hukou", "register.border"]
why      = { zh = "户口迁出、注销或者长期在境外，可能不再由这里救助；也可能是人户分离，要有人去看。", en = "The household register moved or was closed, or the person is abroad for long: another place may be in charge, or somebody should go and see." }
remedy   = { zh = "核实实际居住地；确已迁出的转接到迁入地，不要断档。", en = "Find where the person lives; if they moved hand the case over to the new place without a gap." }
blind_to = { zh = "出境天数按任何连续十二个月内的实际天数累计，重复登记的只算一次，没有报送回国日期的不算；迁入地没有登记的只按注销判断。定时统计。", en = "Counts the days abroad within any twelve months, those told twice once, and no stay whose end was not sent; without the new place only a closed register is seen. Counted by the clock." }
says     = { zh = "{what}：登记地区 {at_region_code}，十二个月内境外 {days} 天（自 {first_on} 起）。", en = "{what}: registered at {at_region_code}, {days} days abroad within twelve months (from {first_on})." }
clears   = { zh = "转接或终止，或更正户籍、出入境登记。", en = "The case is handed over or ends, or the registers are corrected." }

[params]
limit = 180         # days abroad in twelve months
digits = 4          # of the region code that must agree: 4 the city, 6 the county

[override_by]
region = "own.region_code"
programme = "own.programme"

[touches]
benefit = "*"
household_member = "*"
person = "*"
register = "*"
---*/
select
    held.person_key as subject_key, held.what as item, min(held.notice_at) as notice_at, min(held.yellow_at) as yellow_at, min(held.region_code) as region_code,
    min(held.benefit_id) as benefit_id, held.what, min(held.at_region_code) as at_region_code, max(held.days) as days, min(held.first_on) as first_on
from (
    select
        own.person_key, own.benefit_id, own.region_code, moved.at_region_code, 0 as days, moved.since_on as first_on,
        case when moved.cancelled then 'HUKOU_CANCELLED' else 'HUKOU_MOVED' end as what,
        cast(greatest(moved.since_on, cast(own.from_period || '-01' as date)) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
        cast(null as timestamptz) as yellow_at
    from facts.received own
    join facts.register_detail moved on moved.person_key = own.person_key and moved.kind = 'hukou' and moved.to_date is null
    where own.programme <> 'temporary_aid' and to_char(moved.since_on, 'YYYY-MM') <= own.to_period
        and (coalesce(moved.cancelled, false) or left(moved.at_region_code, cast(:digits as int)) <> left(own.region_code, cast(:digits as int)))
        and not exists (
            select 1 from facts.register_detail newer
            where newer.person_key = moved.person_key and newer.kind = 'hukou' and newer.since_on > moved.since_on)
    union all
    select
        beyond.person_key, beyond.benefit_id, beyond.region_code, null, cast(coalesce(beyond.most_days, beyond.days) as int), beyond.from_date, 'ABROAD',
        cast(beyond.day as timestamp) at time zone 'Asia/Shanghai',
        case when beyond.days > 2 * beyond.limit_days then cast(beyond.day as timestamp) at time zone 'Asia/Shanghai' end
    from (
        select
            own.person_key, own.benefit_id, own.region_code, away.day, away.from_date, away.days, cast(:limit as int) as limit_days,
            max(case when away.to_date is not null then away.days end) over (partition by own.person_key, own.benefit_id) as most_days
        from facts.received own
        join (
            select stayed.person_key, stayed.day, stayed.from_date, stayed.to_date,
                count(*) over (partition by stayed.person_key order by stayed.day range between interval '364 days' preceding and current row) as days
            from facts.abroad_day stayed
            where stayed.person_key in (
                select own.person_key from facts.received own
                join facts.abroad stay on stay.person_key = own.person_key
                where own.programme <> 'temporary_aid'
                group by own.person_key, own.benefit_id, own.region_code, own.programme
                having sum(coalesce(stay.to_date - stay.from_date + 1, 800)) > :limit)
        ) away on away.person_key = own.person_key
        where own.programme <> 'temporary_aid' and away.days > :limit
            and to_char(away.day, 'YYYY-MM') >= own.from_period and to_char(away.day, 'YYYY-MM') <= own.to_period
    ) beyond
) held
group by held.person_key, held.what
