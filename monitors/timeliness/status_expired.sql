/*---
code     = "T18"
version  = 1
title    = { zh = "刚性支出认定有效期超限", en = "Status of hardship by expenses expired" }
basis    = ["刚性支出困难家庭认定办法 第10条（认定有效期一般不超过12个月）"]
subject  = "benefit"
to       = "U"
params   = { months = 12 }
override_by = { region = "status.region_code", programme = "status.programme", on = "status.valid_to" }
why      = { zh = "过期的认定还在用，或有效期定得过长，救助就失去依据。", en = "A status used after its end, or given for too long, gives aid without a basis." }
remedy   = { zh = "重新认定或办理终止；有效期超长的更正有效期。", en = "Decide anew or end it; correct a term that is too long." }
blind_to = { zh = "过期后以其他名义给予的救助。", en = "Aid given under another name after the end." }
says     = { zh = "认定有效期：{arithmetic}。登记有效期至 {valid_to}。", en = "The term of the status: {arithmetic}. Recorded as valid until {valid_to}." }
clears   = { zh = "更正有效期，或登记终止月份。", en = "The term is corrected, or the last month is recorded." }

[touches]
benefit = "benefit_id"
---*/
-- Two faults of one kind of benefit: a term that is too long (from the day it was recorded), and one used after its end.
select status.benefit_id as subject_key, case when status.valid_to > status.longest_to then 'too_long' else 'expired' end as item,
    case when status.valid_to > status.longest_to then status.event_at
        else cast(status.valid_to + 1 as timestamp) at time zone 'Asia/Shanghai' end as yellow_at,
    status.region_code, cast(null as text) as unit_code, status.household_id, status.programme, status.start_period, status.valid_to,
    status.started_on, status.months as limit_months, status.longest_to as limit_on
from (
    select status.*, cast(:months as int) as months, cast(status.start_period || '-01' as date) as started_on,
        cast(cast(status.start_period || '-01' as date) + cast(:months as int) * interval '1 month' as date) - 1 as longest_to
    from (
        select running.* from facts.benefit running
        where running.programme = 'rigid_expense' and running.valid_to is not null and running.start_period is not null
    ) status
) status
where status.valid_to > status.longest_to or (status.end_period is null and status.end_period_known)
