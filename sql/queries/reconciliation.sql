-- name: arrived
-- How many events of what is reconciled have ever come: as long as it is the same, nothing can have changed. Budget: 1 ms.
select coalesce(sum(events), 0)::bigint from store.source_state where entity in ('payment', 'payment_batch', 'benefit', 'region')

-- name: digests
-- A number for each month that changes with the records it is made from: its lines, its lists and the next, the regions, and every version of a benefit
-- that may hold for it. A first version holds from its first month (or whatever month it names; lines before are undecided), a later one from the
-- month it begins in; a list handed in later is judged by versions as late as itself (upto). Reads payments whole, or one month of them.
-- Budget: 4 s at 4,500,000 payments, 1 s for a month.
with line as (
    select coalesce(period, '') as period, sum(hashint8(arrival)::bigint) + count(*) as digest,
        to_char(max(judged_at) at time zone 'Asia/Shanghai', 'YYYY-MM') as upto
    from store.payment where cast(%(period)s as text) is null or period = %(period)s or (%(period)s = '' and period is null) group by 1),
list as (
    select coalesce(period, '') as period, sum(hashint8(arrival)::bigint) * 3 + count(*) as digest from store.payment_batch
    where cast(%(period)s as text) is null or period = %(period)s or (%(period)s = '' and period is null) group by 1),
next_list as (                        -- brings what was decided too late for the month's own
    select to_char(cast(period || '-01' as date) - 1, 'YYYY-MM') as period, sum(hashint8(arrival)::bigint) * 11 + count(*) as digest
    from store.payment_batch where period is not null and (cast(%(period)s as text) is null or (%(period)s <> ''
        and period = to_char(cast(nullif(%(period)s, '') || '-01' as date) + 32, 'YYYY-MM'))) group by 1),
month as (
    select period, coalesce(next_list.digest, 0) + coalesce(line.digest, 0) + coalesce(list.digest, 0) as digest, greatest(line.upto, period) as upto
    from line full join list using (period) left join next_list using (period)),
version as (
    select case when from_at < '1901-01-01' then least(coalesce(start_period, ''), end_period, gradual_exit_from) else to_char(from_at at time zone 'Asia/Shanghai', 'YYYY-MM') end as since,
        sum(hashint8(arrival)::bigint) * 5 + count(*) as digest
    from store.benefit group by 1)
select month.period, cast(month.digest + (select coalesce(sum(digest), 0) from version where since <= month.upto)
    + (select coalesce(sum(hashint8(arrival)::bigint) * 7, 0) from store.region) as bigint) as digest
from month order by month.period desc

-- name: standing
select period, digest from watch.reconciled_month

-- name: judge
-- One row for each line of a month and for each benefit that was to be paid and stands in no list: what it adds to decided, listed and
-- paid, and the class of its difference between decision and list (first) and between list and bank (second). A unit is a benefit in
-- the month, or the lines of a household that name no benefit; one of its lines stands for it: the best paid, regular before arrears,
-- the earliest. decided - listed = sum of first_fen and listed - paid = sum of second_fen, row by row: by construction, to the fen.
-- An amount is compared where the version was told before the line was handed in (design section 11.2); in the months of a gradual exit,
-- for one-off aid, and where no amount is on record, the line stands for the decision. Budget: 8 s for 400,000 lines.
create temp table judged on commit drop as
with month as (
    select cast(%(period)s as text) as period,
        case when %(period)s <> '' then cast(cast(nullif(%(period)s, '') || '-01' as date) + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' end as end_at),
line as materialized (
    select p.payment_id, p.batch_id, p.benefit_id, p.household_id, p.programme, p.region_code, coalesce(p.amount_fen, 0) as fen,
        p.amount_fen is null as without_amount, coalesce(p.kind, 'regular') as kind, coalesce(p.status, 'submitted') as status, p.judged_at,
        coalesce(p.returned_at, p.judged_at) as at, coalesce(p.paid_at, p.judged_at) as order_at,
        case when p.kind = 'one_off' then concat_ws('/', 'one', coalesce(p.benefit_id, p.household_id, p.payment_id), p.programme, p.amount_fen)
            else coalesce(nullif(p.benefit_id, ''), 'of/' || p.household_id || '/' || p.programme, p.payment_id) end as unit
    from facts.payment p where p.period = %(period)s or (%(period)s = '' and p.period is null)),
unit as materialized (                -- the line that stands for each unit
    select distinct on (unit) unit, payment_id, judged_at, status, kind <> 'adjustment' as is_list,
        bool_or(kind = 'arrears' and status = 'paid') over (partition by unit) as made_up,
        sum(case when status in ('paid', 'submitted') and (kind <> 'adjustment' or fen > 0) then fen else 0 end) over (partition by unit) as reached_fen
    from line
    order by unit, kind = 'adjustment', array_position(array['paid', 'submitted', 'returned', 'reversed'], status), kind = 'arrears', order_at, payment_id),
decision as materialized (
    select v.benefit_id, v.programme, v.region_code, v.household_id, coalesce(u.is_list, false) as in_list,
        coalesce(u.reached_fen, 0) as reached_fen, v.monthly_amount_fen,
        coalesce(v.start_period <= m.period, true) and coalesce(m.period <= v.end_period, true) as in_force,
        coalesce(v.end_period < m.period, false) as ended,
        coalesce(m.period >= v.gradual_exit_from and m.end_at <= (cast(v.gradual_exit_from || '-01' as timestamp)
            + %(gradual_exit_months)s * interval '1 month') at time zone 'Asia/Shanghai'
            and coalesce(v.stop_reason, 'income') <> 'property', false) as in_exit,
        v.monthly_amount_fen is not null and v.event_at <= coalesce(u.judged_at, v.event_at) as comparable
    from facts.benefit_version v cross join month m
    left join unit u on u.unit = v.benefit_id
    where v.from_at <= coalesce(u.judged_at, m.end_at - interval '1 microsecond')
        and (v.to_at is null or coalesce(u.judged_at, m.end_at - interval '1 microsecond') < v.to_at)
        and m.end_at is not null and (u.unit is not null or (v.monthly_amount_fen > 0 and coalesce(v.start_period <= m.period, true)
            and coalesce(m.period <= v.end_period, true)))),
told as (
    select l.*, u.payment_id = l.payment_id as stands, u.status as stands_status, u.made_up, u.reached_fen,
        coalesce(d.in_force or d.in_exit, false) as is_decided, coalesce(d.ended, false) as has_ended, d.programme as benefit_programme,
        d.region_code as benefit_region,
        case when d.comparable and not d.in_exit then d.monthly_amount_fen else l.fen end as decided_fen,
        coalesce(d.comparable and not d.in_exit, false) as is_compared
    from line l join unit u on u.unit = l.unit left join decision d on d.benefit_id = l.unit),
classed as (
    select told.*,
        case                          -- the class between decision and list: the first that fits
            when kind = 'adjustment' then 'adjustment'
            when kind = 'one_off' then case when not stands and status in ('returned', 'reversed') then 'listed_again' end
            when is_decided and stands then case when decided_fen > fen then 'listed_less' when decided_fen < fen then 'listed_more' end
            when is_decided and kind = 'arrears' then 'arrears'
            when is_decided and status = 'paid' then 'paid_twice'
            when is_decided then 'listed_again'
            when has_ended then 'after_end'
            else 'undecided' end as first_class,
        case status                   -- the class between list and bank
            when 'submitted' then 'no_answer'
            when 'reversed' then 'reversed'
            when 'returned' then case
                when kind = 'adjustment' then 'returned'
                when kind <> 'one_off' and not is_decided then 'reversed'   -- nothing was due
                when kind = 'arrears' and not stands then case when made_up then 'repaid' else 'returned' end
                when stands_status = 'paid' then 'repaid' else 'returned' end end as second_class,
        case when (kind = 'one_off' and (stands or status not in ('returned', 'reversed'))) then fen
            when kind not in ('one_off', 'adjustment') and is_decided and stands then decided_fen else 0 end as own_decided_fen
    from told),
closed_list as (                      -- where the month's list is closed, and when that or the next, which brings what was decided too late, was
    select b.programme, w.region_code, max(b.closed_at) as at
    from facts.payment_batch b cross join month m
    cross join lateral (select region_code from facts.region_path p where p.ancestor_code = b.region_code union select b.region_code) w
    where b.period in (m.period, to_char(m.end_at at time zone 'Asia/Shanghai', 'YYYY-MM')) and b.closed_at is not null
    group by 1, 2 having bool_or(b.period = m.period)),
listed_programme as (select distinct programme from facts.payment_batch where period = %(period)s),
row as (
    select coalesce(case when is_decided or has_ended then benefit_programme end, programme, '') as programme,
        coalesce(case when is_decided or has_ended then benefit_region end, region_code, '') as region_code,
        benefit_id, payment_id, batch_id, household_id, at, own_decided_fen as decided_fen, own_decided_fen <> 0 as decides, fen as listed_fen,
        case when status = 'paid' then fen else 0 end as paid_fen, first_class, own_decided_fen - fen as first_fen,
        second_class, case when status = 'paid' then 0 else fen end as second_fen,
        case when stands and kind <> 'adjustment' and (is_decided or kind = 'one_off') then greatest(
            case when kind = 'one_off' then case when reached_fen = 0 then fen else 0 end else decided_fen - reached_fen end, 0) else 0 end as owed_fen,
        without_amount or (stands and is_decided and kind not in ('one_off', 'adjustment') and not is_compared) as is_unknown, true as is_line
    from classed
    union all
    select coalesce(d.programme, ''), coalesce(d.region_code, ''), d.benefit_id, null, null, d.household_id, null, d.monthly_amount_fen, true,
        0, 0, case when o.region_code is null then 'unlisted_yet' else 'unlisted' end, d.monthly_amount_fen, null, 0,
        case when o.region_code is null then 0 else greatest(d.monthly_amount_fen - d.reached_fen, 0) end, false, false
    from decision d left join closed_list o on o.programme = d.programme and o.region_code = d.region_code
        and o.at > (select event_at from facts.benefit_version first where first.benefit_id = d.benefit_id order by from_at limit 1)
    where not d.in_list and d.in_force and d.monthly_amount_fen > 0 and d.programme <> 'temporary_aid' and d.programme in (select programme from listed_programme))
select * from row

-- name: cells
-- What the judged rows add up to, in each place and in everything above it.
create temp table cell on commit drop as
with own as materialized (
    select r.region_code, r.programme, told.kind, count(*) as n, sum(told.fen)::bigint as fen
    from judged r cross join lateral (values
        ('decided', r.decides, r.decided_fen), ('listed', r.is_line, r.listed_fen), ('paid', r.is_line and r.second_class is null, r.paid_fen),
        ('owed', r.owed_fen > 0, r.owed_fen), ('unknown', r.is_unknown, 0),
        (r.first_class, r.first_class is not null, r.first_fen), (r.second_class, r.second_class is not null, r.second_fen)) told(kind, holds, fen)
    where told.holds group by 1, 2, 3)
select up.region_code, cast(%(period)s as text) as period, own.programme, own.kind, sum(own.n)::bigint as n, sum(own.fen)::bigint as fen
from own cross join lateral (
    select ancestor_code as region_code from facts.region_path w where w.region_code = own.region_code
    union select own.region_code union select '') up
group by 1, 2, 3, 4

-- name: wrong
-- How many of the cells kept of a month are not what was counted.
select count(*) from (
    (select region_code, period, programme, kind, n, fen from watch.reconciled where period = %(period)s except select * from cell)
    union (select * from cell except select region_code, period, programme, kind, n, fen from watch.reconciled where period = %(period)s)) one

-- name: forget
-- A month as it was kept. Served by reconciled_period, difference_period, paid_month_period, reconciled_month_pkey.
with cells as (delete from watch.reconciled where period = %(period)s),
    lines as (delete from watch.difference where period = %(period)s), lists as (delete from watch.listed where period = %(period)s),
    arrived as (delete from watch.paid_month where period = %(period)s)
delete from watch.reconciled_month where period = %(period)s

-- name: keep
-- A list of the month without a line is kept as empty: one without a row has not been counted yet.
with cells as (insert into watch.reconciled select * from cell),
lines as (
    insert into watch.difference (period, class, programme, region_code, benefit_id, payment_id, batch_id, household_id, fen, at)
    select %(period)s, told.class, r.programme, r.region_code, r.benefit_id, r.payment_id, r.batch_id, r.household_id, told.fen, r.at
    from judged r cross join lateral (values (r.first_class, r.first_fen), (r.second_class, r.second_fen),
        (case when r.owed_fen > 0 then 'owed' end, r.owed_fen), (case when r.is_unknown then 'unknown' end, 0)) told(class, fen)
    where told.class is not null),
lists as (
    insert into watch.listed (period, batch_id, n, fen, paid_fen, returned_n)
    select %(period)s, batch_id, coalesce(n, 0), coalesce(fen, 0), coalesce(paid_fen, 0), coalesce(returned_n, 0)
    from (
        select batch_id, count(*) as n, sum(listed_fen) as fen, sum(paid_fen) as paid_fen,
            count(*) filter (where second_class in ('returned', 'repaid')) as returned_n
        from judged where is_line and batch_id is not null group by batch_id) found
    full join (select batch_id from facts.payment_batch where period = %(period)s) list using (batch_id)),
arrived as (                          -- as rule F12 counts it
    insert into watch.paid_month (region_code, programme, paid_month, period, fen)
    select w.ancestor_code, p.programme, to_char(p.paid_at at time zone 'Asia/Shanghai', 'YYYY-MM'), %(period)s, sum(p.amount_fen)
    from facts.payment p join facts.region_path w on w.region_code = p.region_code
    where (p.period = %(period)s or (%(period)s = '' and p.period is null)) and p.status = 'paid' and p.paid_at is not null
        and p.programme is not null and p.amount_fen is not null
    group by 1, 2, 3)
insert into watch.reconciled_month (period, digest, at) values (%(period)s, %(digest)s, watch.now_at())

-- name: add_run
insert into watch.reconciled_run (months, drift, seconds) values (%(months)s, %(drift)s, %(seconds)s)
