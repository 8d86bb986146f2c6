/*---
code     = "T25"
version  = 2
title    = { zh = "同一单位同类问题多次属实", en = "Confirmed again and again at one unit" }
basis    = ["监察规程 E3：90日内同一单位同一规则三次属实的黄牌升级为单位红牌"]
subject  = "unit"
to       = "U"
params   = { times = 3, days = 90 }
override_by = { region = "confirmed.region_code", on = "confirmed.verified_on" }
why      = { zh = "同样的问题反复出现，说明不是个案。", en = "What comes back again and again is not a single case." }
remedy   = { zh = "查找制度和流程上的原因，书面提出整改措施。", en = "Look for the cause in the way of working, and propose a correction in writing." }
blind_to = { zh = "只计核验为属实的黄牌。", en = "Counts confirmed yellow cards only." }
says     = { zh = "{alert_rule} 在 {days} 天内有 {times} 次经核验属实，最近一次 {last_verified_at}。", en = "{alert_rule} was confirmed {times} times within {days} days, the last time at {last_verified_at}." }
clears   = { zh = "结论被更正；或最近一次属实之后满 90 天没有再发生。", en = "A verdict is corrected, or 90 days pass after the last one without another." }

[touches]
correction = "unit_code"
---*/
-- The latest run of so many confirmed yellow cards of one rule within so many days.
select run.unit_code as subject_key, run.rule as item,
    min(run.verified_at) as red_at, max(run.verified_at) + max(run.days) * interval '1 day' as until_at,
    max(run.region_code) as region_code, run.unit_code as unit_code,
    run.rule as alert_rule, max(run.times) as times, max(run.days) as days, max(run.verified_at) as last_verified_at
from (
    select confirmed.unit_code, confirmed.rule, confirmed.region_code, confirmed.verified_at, :times as times, :days as days,
        lag(confirmed.verified_at, cast(:times - 1 as int)) over (
            partition by confirmed.unit_code, confirmed.rule order by confirmed.verified_at, confirmed.finding_id) as first_verified_at
    from (
        select correction.*, cast(correction.verified_at at time zone 'Asia/Shanghai' as date) as verified_on
        from facts.correction correction
        where correction.outcome = 'true' and correction.unit_code is not null and correction.verified_at is not null
            and correction.yellow_at is not null
    ) confirmed
) run
where run.verified_at - run.first_verified_at <= run.days * interval '1 day'
group by run.unit_code, run.rule
