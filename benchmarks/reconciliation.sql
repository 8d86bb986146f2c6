-- {n} benefits paid for twelve months; one payment in fifty is not as decided. town comes from benchmarks.places.
set synchronous_commit = off;
create temp table b as select i, 'B' || i as benefit_id, town.code, (array['dibao', 'dibao', 'tekun', 'disability_care', 'old_age'])[1 + (i / 997) % 5] as programme,
    (20000 + (i % 500) * 100)::bigint as fen from generate_series(1, {n}) i join town on town.n = i % (select count(*) from town);
insert into store.benefit(benefit_id, programme, household_id, region_code, monthly_amount_fen, start_period, from_at, event_source, event_at, arrival)
select benefit_id, programme, 'H' || i, code, fen, '2025-01', '1900-01-01', '/bench', '2025-01-05', i from b;
create temp table month as select to_char(m, 'YYYY-MM') as period, m::timestamp at time zone 'Asia/Shanghai' + interval '8 days 10 hours' as at, row_number() over (order by m) as nth
    from generate_series(timestamp '2025-12-01', timestamp '2026-11-01', interval '1 month') m;
select store.ensure_periods(array_agg(period)) from month;
insert into store.payment_batch(batch_id, programme, region_code, period, lines, total_fen, closed_at, event_source, event_at, arrival)
select 'L' || code || programme || period, programme, code, period, count(*), sum(fen), at + interval '6 hours', '/bench', at, max(nth)
from b cross join month group by code, programme, period, at;
insert into store.payment(payment_id, batch_id, benefit_id, programme, region_code, household_id, period, amount_fen, kind, status, submitted_at, judged_at, paid_at,
    returned_at, event_source, event_at, arrival)
select 'P' || i || '-' || nth, 'L' || code || programme || period, benefit_id, programme, code, 'H' || i, period,
    case when (i + nth) % 200 = 0 then fen + 1000 else fen end, 'regular', case when (i + nth) % 250 = 1 then 'returned' else 'paid' end,
    at - interval '18 hours', at - interval '18 hours', case when (i + nth) % 250 = 1 then null else at end, case when (i + nth) % 250 = 1 then at end, '/bench', at, {n} * nth + i
from b cross join month where (i + nth) % 300 <> 2;
insert into store.payment(payment_id, batch_id, benefit_id, programme, region_code, household_id, period, amount_fen, kind, status, submitted_at, judged_at, paid_at,
    event_source, event_at, arrival)
select 'A' || i || '-' || nth, 'L' || code || programme || period, benefit_id, programme, code, 'H' || i, period, fen, 'regular', 'paid', at + interval '5 days',
    at + interval '5 days', at + interval '6 days', '/bench', at, {n} * 20 + i * 12 + nth
from b cross join month where (i + nth) % 250 = 1 and i % 8 <> 0 or (i + nth) % 2000 = 7;
insert into store.source_state(source, entity, last_at, events) values ('/bench', 'payment', now(), 1), ('/bench', 'benefit', now(), 1);
