-- name: sums
-- What the reconciliation of a time and place adds up to, by kind. Served by reconciled_pkey. Budget: 20 ms.
select kind, sum(n)::bigint as n, sum(fen)::bigint as fen
from seen.reconciled
where region_code = any(cast(:tops as text[])) and (period between :first and :last or (period = '' and cast(:undated as boolean)))
    and (cast(:programme as text) is null or programme = cast(:programme as text))
group by 1

-- name: months
-- The same by month, for each of some places. Served by reconciled_pkey. Budget: 60 ms for 20 places and 12 months.
select region_code, period, kind, sum(n)::bigint as n, sum(fen)::bigint as fen
from seen.reconciled
where region_code = any(cast(:places as text[])) and period between :first and :last
    and (cast(:programme as text) is null or programme = cast(:programme as text))
group by 1, 2, 3

-- name: lines
-- The lines behind a class, those of the newest month and the most money first, with the working days since. What a class counts is
-- known from its sums. Served by difference_period, difference_place. Budget: 300 ms for 200 of 500,000.
select d.period, d.class as kind, d.programme, d.region_code, d.benefit_id, d.payment_id, d.batch_id, d.household_id, d.fen, d.at
from seen.difference d
where d.class = any(cast(:classes as text[])) and (d.period between :first and :last or (d.period = '' and cast(:undated as boolean)))
    and (cast(:programme as text) is null or d.programme = cast(:programme as text))
    and (cast(:region as text) is null or d.region_code = cast(:region as text)
        or d.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
order by d.period desc, abs(d.fen) desc, d.benefit_id, d.payment_id
limit :most

-- name: repay_days
-- The limits of rule F05 as they hold in a place; its parameters are filled in as they are in a rule. Index: parameter_rule. Budget: 5 ms.
select :limit as repay_days, :red_days as red_days

-- name: returned
-- What the bank returned and nobody has paid again, with the working days since in the calendar of the place, and what they mean
-- (F05: paid again within :repay_days, red after :red_days). The longest first. Served by difference_period. Budget: 200 ms at 20,000.
with late as (
    select d.period, d.class as kind, d.programme, d.region_code, d.benefit_id, d.payment_id, d.batch_id, d.household_id, d.fen, d.at, today.n - back.n as days
    from seen.difference d
    left join facts.region_calendar own on own.region_code = d.region_code
    left join facts.working_day today on today.calendar = coalesce(own.calendar, 'CN') and today.day = cast(:today as date)
    left join facts.working_day back on back.calendar = coalesce(own.calendar, 'CN') and back.day = cast(d.at at time zone 'Asia/Shanghai' as date)
    where d.class = 'returned' and (d.period between :first and :last or (d.period = '' and cast(:undated as boolean)))
        and (cast(:programme as text) is null or d.programme = cast(:programme as text))
        and (cast(:region as text) is null or d.region_code = cast(:region as text)
            or d.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))),
told as (
    select late.*, case when days is null then 'unknown' when days <= :repay_days then 'intime' when days <= :red_days then 'late' else 'long' end as clock
    from late)
select told.*, count(*) over (partition by clock) as clock_n, sum(fen) over (partition by clock) as clock_fen,
    row_number() over (partition by clock order by days desc, at, payment_id) as nth
from told
order by days desc nulls last, at, payment_id

-- name: batches
-- Lists with what stands in them and what became of it: a list is as its head says, or not, once it is closed (F11) and counted.
-- The newest first.
-- Served by batch_period, listed_pkey. Budget: 150 ms at 15,000 lists.
with told as (
    select b.batch_id, b.period, b.programme, b.region_code, b.unit_code, b.lines, b.total_fen, b.approved_at, b.closed_at,
        found.n as found_n, found.fen as found_fen, found.paid_fen, found.returned_n,
        coalesce(b.closed_at is not null and (b.total_fen <> found.fen or b.lines <> found.n), false) as is_off
    from seen.payment_batch b
    left join lateral (
        select sum(l.n)::bigint as n, sum(l.fen)::bigint as fen, sum(l.paid_fen)::bigint as paid_fen, sum(l.returned_n)::bigint as returned_n
        from seen.listed l where l.batch_id = b.batch_id) found on true
    where b.period between :first and :last and (cast(:programme as text) is null or b.programme = cast(:programme as text))
        and (cast(:region as text) is null or b.region_code = cast(:region as text)
            or b.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))))
select told.*, count(*) over () as n, count(*) filter (where is_off) over () as n_off, count(*) filter (where closed_at is null) over () as n_open
from told where not cast(:only_off as boolean) or is_off
order by period desc, is_off desc, batch_id
limit :most

-- name: recovered
-- Orders to pay back by which money has come, the newest first. Budget: 50 ms.
select r.*, count(*) over () as n, sum(recovered_fen) over () as sum_fen
from seen.recovery r
where recovered_fen > 0 and (cast(:from_day as date) is null or ordered_on >= :from_day) and (cast(:to_day as date) is null or ordered_on < :to_day)
    and (cast(:programme as text) is null or programme = cast(:programme as text))
    and (cast(:region as text) is null or region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
order by ordered_on desc nulls last, recovery_id
limit :most

-- name: prevented
-- One month of what was stopped or reduced after people confirmed a finding, the newest first. Index: finding_rectified. Budget: 200 ms.
select r.*, count(*) over () as n, sum(fen) over () as sum_fen
from seen.prevented r
where (cast(:from_at as timestamptz) is null or rectified_at >= :from_at) and (cast(:to_at as timestamptz) is null or rectified_at < :to_at)
    and (cast(:programme as text) is null or programme = cast(:programme as text))
    and (cast(:region as text) is null or region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
order by rectified_at desc, benefit_id
limit :most

-- name: budget_limits
-- The limits of rule F12 as they hold in a place; its parameters are filled in as they are in a rule. Index: parameter_rule. Budget: 5 ms.
select :limit as over_percent, :least as under_percent, :first_month as first_month, :under_month as under_month

-- name: budgets
-- Budget lines of a year with what arrived in it, regions below included, and what of that had when the newest month of it ended (as rule
-- F12). Served by paid_month_pkey. Budget: 50 ms for 400 lines.
with line as (
    select b.region_code, b.programme, sum(b.amount_fen)::bigint as budget_fen, count(*) as lines
    from seen.budget b
    where b.year = :year and (cast(:programme as text) is null or b.programme = cast(:programme as text))
        and (cast(:region as text) is null or b.region_code = cast(:region as text)
            or b.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
    group by 1, 2)
select line.*, coalesce(paid.fen, 0) as paid_fen, coalesce(paid.ended_fen, 0) as ended_fen, ended.months,
    cast(:over_percent as double precision) as over_percent, cast(:under_percent as double precision) as under_percent,
    cast(:first_month as int) as first_month, cast(:under_month as int) as under_month, count(*) over () as n
from line
cross join (select cast(least(greatest(12 * (extract(year from cast(:today as date)) - :year) + extract(month from cast(:today as date)) - 1, 0), 12) as int) as months) ended
left join lateral (
    select sum(fen)::bigint as fen, (sum(fen) filter (where r.paid_month <= cast(:year as text) || '-' || lpad(cast(ended.months as text), 2, '0')))::bigint as ended_fen
    from seen.paid_month r where r.region_code = line.region_code and r.programme = line.programme
        and r.paid_month between cast(:year as text) || '-01' and cast(:year as text) || '-12') paid on true
order by line.region_code, line.programme
limit :most

-- name: state
-- When months were last made anew, whether any has been, and when their statistics were. Budget: 2 ms.
select (select max(at) from watch.reconciled_month) as at, (select at from watch.counted where name = 'reconciliation') as looked_at,
    (select at from watch.counted where name = 'money statistics') as hinted_at

-- name: everywhere
-- Whether who looks sees every place. Budget: 1 ms.
select access.everywhere()

-- name: hints
-- How many indicators of a time and place there are, by kind and band. Served by money_indicator_band. Budget: 40 ms at 40,000.
select kind, band, count(*) as n
from seen.money_indicator t
where t.period between case when kind = 'digits' then left(:first, 4) else :first end and :last
    and (cast(:programme as text) is null or t.programme = cast(:programme as text))
    and (cast(:region as text) is null or t.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))
        or (t.kind = 'digits' and t.region_code in (select p.ancestor_code from facts.region_path p where p.region_code = cast(:region as text))))
group by 1, 2

-- name: hints_months
-- Months of places and programmes in which people or money lie far from the months before, the farthest first. What they lie beside is
-- asked by key. Served by money_indicator_band, money_indicator_pkey. Budget: 100 ms at 40,000.
with far as (
    select distinct t.region_code, t.programme, t.period
    from seen.money_indicator t
    where t.kind in ('people', 'amount') and t.band = 'far' and t.period between :first and :last
        and (cast(:programme as text) is null or t.programme = cast(:programme as text))
        and (cast(:region as text) is null or t.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))),
told as (
    select far.*, one.*
    from far cross join lateral (
        select max(t.n) filter (where t.kind = 'people') as persons, max(t.value) filter (where t.kind = 'people') as persons_z,
            max(cast(t.detail ->> 'middle' as double precision)) filter (where t.kind = 'people') as persons_middle,
            max(t.n) filter (where t.kind = 'amount') as paid_fen, max(t.value) filter (where t.kind = 'amount') as paid_z,
            max(cast(t.detail ->> 'middle' as double precision)) filter (where t.kind = 'amount') as paid_middle_fen
        from seen.money_indicator t
        where t.kind in ('people', 'amount') and t.region_code = far.region_code and t.programme = far.programme and t.period = far.period) one)
select told.*, count(*) over () as n
from told
order by greatest(abs(persons_z), abs(paid_z)) desc, period desc, paid_fen desc, region_code, programme
limit :most

-- name: hints_aid
-- Months of places whose temporary aid is mostly of one size, those with most lines first. Served by money_indicator_band. Budget: 50 ms.
select t.region_code, t.programme, t.period, t.n as lines, t.value as modal_share, cast(t.detail ->> 'modal_fen' as bigint) as modal_fen,
    cast(t.detail ->> 'modal_lines' as bigint) as modal_lines, cast(t.detail ->> 'round_lines' as bigint) as round_lines, count(*) over () as n
from seen.money_indicator t
where t.kind = 'modal' and t.band = 'one_size' and t.period between :first and :last
    and (cast(:programme as text) is null or t.programme = cast(:programme as text))
    and (cast(:region as text) is null or t.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
order by t.n desc, t.value desc, t.period desc, t.region_code
limit :most

-- name: hints_digits
-- First digits of temporary aid by county and year, what can be judged and lies farthest first; of a township that of its county.
-- Served by money_indicator_pkey. Budget: 20 ms.
select t.region_code, t.programme, t.period, t.n as amounts, t.value as distance, t.band, count(*) over () as n
from seen.money_indicator t
where t.kind = 'digits' and t.period between left(:first, 4) and left(:last, 4)
    and (cast(:programme as text) is null or t.programme = cast(:programme as text))
    and (cast(:region as text) is null or t.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))
        or t.region_code in (select p.ancestor_code from facts.region_path p where p.region_code = cast(:region as text)))
order by t.value desc nulls last, t.n desc, t.period desc, t.region_code
limit :most
