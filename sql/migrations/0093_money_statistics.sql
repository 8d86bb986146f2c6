-- 0093 money statistics: what was listed by township, programme and month, and how it lies beside the months before; by the clock
-- Phase: before the code.
-- Temporary aid by township and month: how many lines, of the commonest amount, of multiples of 500 yuan, by first digit. Rule F16 and
-- the job that keeps it share this. A filter on months reaches the partitions.
create view facts.aid_month as
select amount.region_code, amount.period, cast(amount.period || '-01' as date) as first_on, cast(sum(amount.lines) as bigint) as lines,
    max(amount.lines) as modal_lines, (array_agg(amount.amount_fen order by amount.lines desc, amount.amount_fen))[1] as modal_fen,
    coalesce(cast(sum(amount.lines) filter (where amount.amount_fen % 50000 = 0) as bigint), 0) as round_lines,
    array(select coalesce(sum(told.lines), 0)::bigint from generate_series(1, 9) digit
        left join unnest(array_agg(left(amount.amount_fen::text, 1)) filter (where amount.amount_fen > 0),
            array_agg(amount.lines) filter (where amount.amount_fen > 0)) told(first_digit, lines) on told.first_digit = digit::text
        group by digit order by digit) as digits,
    min(amount.amount_fen) filter (where amount.amount_fen > 0) as least_fen, max(amount.amount_fen) as most_fen
from (
    select coalesce(township.region_code, payment.region_code) as region_code, payment.period, payment.amount_fen, count(*) as lines
    from facts.payment payment
    left join (
        select place.region_code as part_code, town.region_code
        from facts.region_path place
        join facts.region town on town.region_code = place.ancestor_code and town.level = 'township'
    ) township on township.part_code = payment.region_code
    where payment.programme = 'temporary_aid' and coalesce(payment.status, 'submitted') in ('submitted', 'paid')
        and payment.region_code is not null and payment.period is not null and payment.amount_fen is not null
    group by 1, 2, 3
) amount
group by amount.region_code, amount.period;
grant select on facts.aid_month to aidwatch_worker, rule_reader;

create table watch.money_month (                             -- sums of facts.payment_month and facts.aid_month, kept: months that changed are read anew
    region_code text not null, programme text not null, period text not null,
    persons bigint, paid_fen bigint,                         -- null: only lines that are no regular and no one-off aid
    aid_lines bigint, modal_lines bigint, modal_fen bigint, round_lines bigint, digits bigint[], least_fen bigint, most_fen bigint,
    primary key (region_code, programme, period));
create index money_month_period on watch.money_month (period);
create table watch.money_indicator (                         -- monitors/indicators/deviation.py, digits.py
    kind text not null,                                      -- people, amount: robust z; modal: share (0-1); digits: mean absolute deviation of shares
    region_code text not null,                               -- of a township; digits: of a county
    programme text not null,
    period text not null,                                    -- YYYY-MM; digits: YYYY
    value double precision,                                  -- null: cannot be judged, and band says why
    n bigint not null,                                       -- people, fen, lines, amounts
    band text not null,                                      -- far, usual, few, standard; one_size, spread, few; close … off, few, narrow
    detail jsonb not null,
    primary key (kind, region_code, programme, period));
create index money_indicator_band on watch.money_indicator (kind, band, period);

create view seen.money_indicator with (security_barrier) as select * from watch.money_indicator t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
grant select, insert, update, delete on watch.money_month, watch.money_indicator to aidwatch_worker;
grant select on seen.money_indicator to aidwatch_console;
