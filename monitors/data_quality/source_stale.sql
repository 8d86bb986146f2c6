/*---
code     = "Q06"
version  = 1
title    = { zh = "外部数据过期", en = "Stale source" }
basis    = ["监察规程：外部数据应标明截止日期和更新周期；过期数据是误报的主要原因"]
subject  = "feed"
to       = "D"
scope    = "all"
needs    = ["feed"]
params   = { death_days = 7, asset_days = 30, financial_days = 90 }
everywhere = "a source delivers for all places at once"
why      = { zh = "用过期数据比对，会把已经更正的人当作疑点，也会漏掉新发生的情况。", en = "Compared with old data, people whose record was put right still look wrong, and what is new is not seen." }
remedy   = { zh = "联系数据提供单位补送最新数据；在此之前，依赖该数据的疑点不作认定依据。", en = "Ask who provides the data for the newest state; until then nothing that rests on it is confirmed." }
blind_to = { zh = "没有登记为数据源的单位、没有注明截止日期的数据。死亡、火化按 7 天，车、房、工商按 30 天，金融资产按 90 天，其他登记按数据源约定的间隔。定时统计。", en = "Sources that are not declared and data without a date. Deaths and cremations 7 days; vehicles, property and businesses 30; financial assets 90; other registers by the interval the feed promised. Counted by the clock." }
says     = { zh = "{department} 的 {kind} 数据截止 {as_of}，已超过应有的更新周期。", en = "Data of {kind} from {department} is as of {as_of}, older than it may be." }
clears   = { zh = "收到更新的数据。", en = "Newer data arrives." }

[touches]
feed = "*"
register = "*"
---*/
-- One finding for each feed and kind of register. The newest as_of is kept at intake: twenty million records are not read here.
select
    f.feed_id as subject_key, s.kind as item,
    cast(s.as_of as timestamp) at time zone 'Asia/Shanghai'
        + case
            when s.kind in ('death', 'cremation') then :death_days * interval '1 day'
            when s.kind in ('vehicle', 'property', 'business') then :asset_days * interval '1 day'
            when s.kind in ('financial_asset') then :financial_days * interval '1 day'
            else f.interval_s * interval '1 second' end as notice_at,
    cast(null as text) as region_code, cast(null as text) as unit_code, s.kind, s.as_of, f.department, f.source
from facts.feed f
join facts.source_state s on s.source = f.source and s.entity = 'register' and s.as_of is not null
