/*---
code     = "Q11"
version  = 1
title    = { zh = "规则精度过低", en = "Precision of a rule too low" }
basis    = ["监察规程：90日内核验50条以上、属实率低于20%的规则应降级并交规则负责人修订"]
subject  = "finding"
to       = "D"
params   = { limit_percent = 20, verified = 50, days = 90 }
everywhere = "the precision of a rule is one, over all places"
why      = { zh = "多数疑点不属实的规则，让群众和经办人平白受疑，也让真正的问题被淹没。", en = "A rule whose doubts mostly prove wrong burdens people without cause and hides what is real." }
remedy   = { zh = "由规则负责人查看不属实的原因，修订条件、豁免情形或参数；修订前建议降为提示。", en = "The rule's owner looks at why they were wrong and mends the conditions, exemptions or parameters; until then it should give notices only." }
blind_to = { zh = "只计已核验或已排除的；未核验的不计。", en = "Counts what was verified or dismissed; what nobody verified is not counted." }
says     = { zh = "规则 {subject_key} 最近 {days} 天内核验 {verified} 条，属实 {confirmed} 条，属实率 {confirmed_percent}%。", en = "Rule {subject_key}: of {verified} verified within {days} days, {confirmed} were confirmed ({confirmed_percent} %)." }
clears   = { zh = "后续核验使属实率回升；或 90 天内没有新的核验。", en = "Further verdicts bring the share up, or none comes for 90 days." }

[touches]
correction = "select changed.rule from facts.correction changed where changed.finding_id = any(:finding_id)"
---*/
-- The window that ends with the newest verdict: so many verdicts within so many days, too few of them confirmed.
select judged.rule as subject_key, '' as item,
    max(judged.judged_at) as notice_at, max(judged.judged_at) + max(judged.days) * interval '1 day' as until_at,
    cast(null as text) as region_code, cast(null as text) as unit_code,
    count(*) as verified, sum(judged.is_true) as confirmed, round(100.0 * sum(judged.is_true) / count(*), 1) as confirmed_percent,
    max(judged.days) as days
from (
    select correction.rule, coalesce(correction.verified_at, correction.dismissed_at) as judged_at,
        case when correction.outcome = 'true' then 1 else 0 end as is_true, :days as days, :verified as needed, :limit_percent as limit_percent,
        max(coalesce(correction.verified_at, correction.dismissed_at)) over (partition by correction.rule) as newest_at
    from facts.correction correction
    where coalesce(correction.verified_at, correction.dismissed_at) is not null
) judged
where judged.judged_at > judged.newest_at - judged.days * interval '1 day'
group by judged.rule
having count(*) >= max(judged.needed) and 100.0 * sum(judged.is_true) < max(judged.limit_percent) * count(*)
