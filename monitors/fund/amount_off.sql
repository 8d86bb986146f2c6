/*---
code     = "F01"
version  = 1
title    = { zh = "金额与标准不符", en = "Amount differs from the rule" }
basis    = ["民发〔2021〕57号 第23条", "社会救助暂行办法（国务院令第649号）第12条"]
subject  = "benefit"
to       = "U"
by_month = true
share    = "batch_id"
params   = { limit = 1, yellow_above = 10, gradual_exit_months = 6, batch_percent = 5, batch_lines = 20 }
override_by = { region = "l.region_code", programme = "l.programme", on = "l.month_start" }
needs    = ["payment", "benefit", "household", "income_check"]
why      = { zh = "发放金额与按当月标准、核实收入和保障人口算出的金额（或当地分档标准）不一致：标准调整没有同步、家庭变化没有传到发放环节，或者录入错误。", en = "The line differs from what the month's standard, the verified income and the persons covered (or the local tiers) give: a new standard not taken over, a change in the family that did not reach the payers, or a slip in typing." }
remedy   = { zh = "按列出的标准、收入和人口重新计算：少发的补发，多发的按规定冲抵或追回，并更正待遇登记；登记的标准、收入有误的，更正登记。", en = "Compute again from the standard, income and persons shown: pay arrears for what is missing, offset or recover what is too much, and correct the benefit; or correct the standard or income on record where that is the mistake." }
blind_to = { zh = "标准、核实收入、保障人口或计算方法没有登记的不判断；没有报送的另加金额按零计算。分档发放只判断金额是否为当地某一档，不判断档次是否适合本人。渐退期内的月份，以及已由同月补发或调整补齐的差额不判断。", en = "Silent where the standard, the verified income, the persons or the method is not known; extras that were not sent count as none. With tiers only whether the amount is one of the local tiers, not whether it is the right tier. Months of a gradual exit and differences settled by arrears or adjustments of the same month are not judged." }
says     = { zh = "{period} 发放 {amount_fen}，按规则应为 {expected_fen}：{rate_from} 起的标准 {rate_fen}，{checked_at} 核实人均收入 {verified_per_capita_fen}，保障 {covered_persons} 人，另加 {extras_fen}；相差 {difference_fen}。", en = "{amount_fen} was listed for {period}; the rule gives {expected_fen}: rate {rate_fen} in force from {rate_from}, income per head {verified_per_capita_fen} verified {checked_at}, {covered_persons} person(s), {extras_fen} extra; {difference_fen} apart." }
clears   = { zh = "该笔退回或冲销，或者以同月补发、调整补齐差额，或者更正有误的标准、收入、人口登记。", en = "The line is returned or reversed, arrears or an adjustment of the same month settle the difference, or a wrong record of standard, income or persons is corrected." }
[touches]
payment = "benefit_id"
benefit = "benefit_id"
household = "select benefit_id from facts.benefit_version where household_id = any(:household_id)"
income_check = "select benefit_id from facts.benefit_version where household_id = any(:household_id)"
application = "select benefit_id from facts.benefit where application_id = any(:application_id)"
batch_share = "select benefit_id from facts.payment where batch_id = any(:batch_id)"
standard = "*"
tier = "*"
region = "*"
---*/
select l.benefit_id as subject_key, l.period || '/' || l.payment_id as item, l.period,
    case when abs(l.amount_fen - l.expected_fen) <= :yellow_above * 100 then l.judged_at end as notice_at,
    case when abs(l.amount_fen - l.expected_fen) > :yellow_above * 100 then l.judged_at end as yellow_at,
    (select max(case when s.judged_at > l.judged_at then s.judged_at else l.judged_at end) from facts.batch_share s
        where s.batch_id = l.batch_id and s.rule = 'F01' and s.lines >= :batch_lines
            and s.fired * 100 >= :batch_percent * s.lines) as red_at,
    abs(l.amount_fen - l.expected_fen) as amount_at_risk_fen, l.region_code,
    (select a.unit_code from facts.benefit b join facts.application a on a.application_id = b.application_id
        where b.benefit_id = l.benefit_id) as unit_code,
    l.programme, l.method, l.payment_id, l.batch_id, l.judged_at as submitted_at, l.amount_fen, l.expected_fen,
    l.amount_fen - l.expected_fen as difference_fen, l.rate_fen, l.rate_from, l.rate_region_code,
    l.verified_per_capita_fen, (select max(c.checked_at) from facts.income_check c where l.method = 'difference'
        and c.household_id = l.household_id and c.checked_at < l.judged_at) as checked_at,
    l.covered_persons, l.extras_fen, l.urban_rural
from (
    select distinct on (v.benefit_id, v.period, v.batch_id, v.payment_id) v.*, r.rate_fen, r.rate_from,
        v.extras_fen + case
            when v.method = 'tier' then r.rate_fen
            when v.verified_per_capita_fen >= r.rate_fen then 0
            else (r.rate_fen - v.verified_per_capita_fen) * v.covered_persons end as expected_fen
    from (  -- every line with what held when it was submitted; counting keeps the rates from being joined any earlier
        select p.benefit_id, p.period, p.batch_id, p.payment_id, p.amount_fen, p.judged_at, b.household_id,
            cast(p.period || '-01' as date) as month_start, b.programme, b.method, b.region_code, b.covered_persons,
            coalesce(b.extras_fen, 0) as extras_fen, b.gradual_exit_from, h.urban_rural, w.depth,
            coalesce(w.ancestor_code, h.region_code, b.region_code) as rate_region_code,
            case when b.method = 'difference' then (select min(c.verified_per_capita_fen) from facts.income_check c
                where c.household_id = b.household_id and c.checked_at = (select max(k.checked_at) from facts.income_check k
                    where k.household_id = b.household_id and k.checked_at < p.judged_at)) end as verified_per_capita_fen,
            count(*) over (partition by p.benefit_id, p.period, p.batch_id) as lines
        from facts.payment p
        join facts.benefit_version b on b.benefit_id = p.benefit_id and b.from_at <= p.judged_at
            and (b.to_at is null or p.judged_at < b.to_at)
        left join facts.household_version h on h.household_id = b.household_id and h.from_at <= p.judged_at
            and (h.to_at is null or p.judged_at < h.to_at)
        left join (
            select region_code, ancestor_code, depth from facts.region_path
            where ancestor_code in (select region_code from facts.standard union select region_code from facts.tier)
        ) w on w.region_code = coalesce(h.region_code, b.region_code)
        where p.kind = 'regular' and coalesce(p.status, 'submitted') not in ('returned', 'reversed')
    ) v
    join (  -- what is paid where, from when until when
        select 'difference' as method, s.programme, s.region_code, s.urban_rural, s.monthly_amount_fen as rate_fen,
            s.valid_from as rate_from,
            lead(s.valid_from) over (partition by s.programme, s.region_code, s.urban_rural
                order by s.valid_from, s.standard_id) as rate_until
        from facts.standard s
        where s.urban_rural is not null or s.urban_rural_known
        union all
        select 'tier', t.programme, t.region_code, null, t.monthly_amount_fen, t.valid_from,
            lead(t.valid_from) over (partition by t.programme, t.region_code, t.category
                order by t.valid_from, t.tier_id)
        from facts.tier t
    ) r on r.method = v.method and r.programme = v.programme and r.region_code = v.rate_region_code
        and r.rate_from <= v.month_start and (r.rate_until > v.month_start or r.rate_until is null)
        and (r.urban_rural = v.urban_rural or r.urban_rural is null)
    -- the nearest region that sets a rate, its rate for town or country before one for both, of tiers the closest
    order by v.benefit_id, v.period, v.batch_id, v.payment_id, v.depth, r.urban_rural nulls last,
        abs(v.amount_fen - v.extras_fen - r.rate_fen), r.rate_fen
) l
where abs(l.amount_fen - l.expected_fen) > :limit * 100
    and not coalesce(l.period >= l.gradual_exit_from and l.month_start <
        cast(l.gradual_exit_from || '-01' as date) + :gradual_exit_months * interval '1 month', false)
    and abs(l.amount_fen - l.expected_fen + coalesce((select sum(q.amount_fen) from facts.payment q
        where q.benefit_id = l.benefit_id and q.period = l.period and q.kind in ('arrears', 'adjustment')
            and coalesce(q.status, 'submitted') not in ('returned', 'reversed')), 0)) > :limit * 100
