-- name: digests
-- What the sums are made from: the months as reconciled, up to 25 back from the newest that is not far ahead (as facts.payment_month), and the standards told
-- (period ''). As long as all is the same, nothing can have changed. Budget: 2 ms.
select period, digest from watch.reconciled_month
where period > (select to_char(cast(max(newest.period) || '-01' as date) - interval '25 months', 'YYYY-MM') from watch.reconciled_month newest
    where newest.period <> '' and newest.period <= to_char(watch.now_at() + interval '3 months', 'YYYY-MM'))
union all
select '', coalesce(sum(events), 0)::bigint from store.source_state where entity = 'standard'

-- name: standing
-- Which digests the sums were made from. Budget: 1 ms.
select each.key as period, cast(each.value as bigint) as digest
from watch.counted, jsonb_each_text(told -> 'digests') each where name = 'money statistics'

-- name: forget_months
-- Served by money_month_period.
delete from watch.money_month where period = any(%(periods)s)

-- name: keep_months
-- The sums of some months. Reads their partitions, and the months of all payments once. Budget: 4 s for a month of 400,000 lines.
insert into watch.money_month (region_code, programme, period, persons, paid_fen, aid_lines, modal_lines, modal_fen, round_lines, digits, least_fen, most_fen)
select region_code, programme, period, listed.persons, listed.paid_fen, aid.lines, aid.modal_lines, aid.modal_fen, aid.round_lines, aid.digits, aid.least_fen, aid.most_fen
from (select * from facts.payment_month where period = any(%(periods)s)) listed
full join (select aid_month.*, 'temporary_aid' as programme from facts.aid_month where period = any(%(periods)s)) aid using (region_code, programme, period)

-- name: sums
-- Every sum kept, with the county of its place (the place itself where none is on record), and the month in which a standard of the
-- programme last changed, up to this one (as rule F15 asks). Budget: 400 ms for 40,000.
with county as materialized (
    select place.region_code, min(up.region_code) as county_code from facts.region_path place
    join facts.region up on up.region_code = place.ancestor_code and up.level = 'county' group by 1),
changed as materialized (
    select distinct place.region_code, standard.programme, to_char(standard.valid_from, 'YYYY-MM') as period
    from facts.standard standard join facts.region_path place on place.ancestor_code = standard.region_code where standard.valid_from is not null)
select m.*, coalesce(county.county_code, m.region_code) as county_code, (select max(changed.period) from changed
    where changed.region_code = m.region_code and changed.programme = m.programme and changed.period <= m.period) as changed_period
from watch.money_month m left join county using (region_code)
order by m.region_code, m.programme, m.period

-- name: fresh
create temp table money_fresh (like watch.money_indicator) on commit drop

-- name: forget
delete from watch.money_indicator o using (select * from watch.money_indicator except all select * from money_fresh) gone
where (o.kind, o.region_code, o.programme, o.period) = (gone.kind, gone.region_code, gone.programme, gone.period)

-- name: keep
insert into watch.money_indicator select * from money_fresh except all select * from watch.money_indicator
