-- name: arrived
-- How many events of what overlaps are made from have ever come, and decisions about who is one human, which rename identities without an
-- event: as long as it is the same, nothing can have changed. Both only grow. Budget: 1 ms.
select coalesce(sum(events), 0)::bigint + (select coalesce(max(id), 0) from watch.pair_decision) from store.source_state
where entity in ('benefit', 'household_member', 'person', 'exclusion', 'region')

-- name: held
-- Every benefit with everybody it is for and the months. Budget: 10 s for 375,000 benefits and 6,000,000 people.
create temp table overlap_held on commit drop as
select r.person_key, r.benefit_id collate "C" as benefit_id, r.programme collate "C" as programme, r.region_code, r.monthly_amount_fen as fen,
    range_agg(int4range(left(r.from_period, 4)::int * 12 + right(r.from_period, 2)::int - 1,
        left(r.to_period, 4)::int * 12 + right(r.to_period, 2)::int - 1, '[]')) as months
from facts.received r
where r.from_period <= r.to_period and r.programme is not null
group by 1, 2, 3, 4, 5

-- name: both
-- Two benefits of one human, and each stretch of months they share.
create temp table overlap_both on commit drop as
select a.person_key, a.programme as programme_a, b.programme as programme_b, a.benefit_id as benefit_a, b.benefit_id as benefit_b,
    a.region_code as region_a, b.region_code as region_b, case when a.fen is not null and b.fen is not null then least(a.fen, b.fen) end as fen, shared.months
from overlap_held a join overlap_held b on b.person_key = a.person_key and (a.programme, a.benefit_id) < (b.programme, b.benefit_id)
cross join lateral unnest(a.months * b.months) as shared(months)

-- name: ruled
-- What the matrix says of each pair in each place it occurs in, from which month to which: the nearest row that holds on the first of a
-- month decides it (as in rules D04-D06), and a new one begins where a row begins or ends.
create temp table overlap_ruled on commit drop as
with told as (
    select exclusion_id, effect, basis, region_code, valid_from, valid_to,
        least(programme_a collate "C", programme_b collate "C") as a, greatest(programme_a collate "C", programme_b collate "C") as b from facts.exclusion),
cut as (
    select distinct a, b, months.day from told
    cross join lateral (values (date '0001-01-01'), (valid_from), (valid_to + 1)) as turn(day)
    cross join lateral (select cast(date_trunc('month', cast(turn.day - 1 as timestamp)) + interval '1 month' as date) as day where turn.day > date '0001-01-01'
        union all select turn.day where turn.day = date '0001-01-01') as months),
place as (select distinct region_a, programme_a, programme_b from overlap_both)
select place.region_a, cut.a, cut.b, nearest.effect, nearest.basis,
    int4range(extract(year from cut.day)::int * 12 + extract(month from cut.day)::int - 1,
        lead(extract(year from cut.day)::int * 12 + extract(month from cut.day)::int - 1) over (partition by place.region_a, cut.a, cut.b order by cut.day)) as months
from place join cut on cut.a = place.programme_a and cut.b = place.programme_b
left join lateral (
    select told.effect, told.basis from told left join store.region_path way on way.region_code = place.region_a and way.ancestor_code = told.region_code
    where told.a = cut.a and told.b = cut.b and (told.region_code is null or told.region_code = place.region_a or way.depth is not null)
        and coalesce(told.valid_from, date '0001-01-01') <= cut.day and coalesce(told.valid_to, date '9999-12-31') >= cut.day
    order by coalesce(way.depth, case when told.region_code > '' then 0 else 99 end), told.valid_from desc nulls last, told.exclusion_id limit 1) nearest on true

-- name: fresh
-- Stretches that follow each other under the same row are one.
create temp table overlap_fresh on commit drop as
with told as (
    select o.person_key, o.programme_a, o.programme_b, o.benefit_a, o.benefit_b, o.region_a, o.region_b, o.fen,
        coalesce(ruled.effect, 'open') as effect, ruled.basis, range_agg(coalesce(ruled.months, o.months) * o.months) as months
    from overlap_both o left join overlap_ruled ruled on ruled.a = o.programme_a and ruled.b = o.programme_b
        and ruled.region_a is not distinct from o.region_a and ruled.months && o.months
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
select person_key, programme_a, programme_b, benefit_a, benefit_b, region_a, region_b, fen, lower(one.months) as from_month,
    upper(one.months) - 1 as to_month, effect, basis
from told cross join lateral unnest(told.months) as one(months)

-- name: counts
-- See watch.overlap_count. A pair whose benefits lie in two places counts once in each place that holds either.
create temp table overlap_fresh_count on commit drop as
with human as (
    select place.code, kind.a, kind.b, kind.effect, o.person_key, range_agg(int4range(o.from_month, o.to_month, '[]')) as months
    from overlap_fresh o
    cross join lateral (select '' as code union select ancestor_code from store.region_path where region_code in (o.region_a, o.region_b)) place
    cross join lateral (values (o.programme_a, o.programme_b, ''), (o.programme_a, o.programme_b, o.effect), ('', '', o.effect),
        (o.programme_a, '', o.effect), (o.programme_b, '', o.effect)) as kind(a, b, effect)
    group by 1, 2, 3, 4, 5),
stretch as (
    select code, a, b, effect, lower(one.months) as from_month, upper(one.months) - 1 as to_month,
        case when one.nth > 1 then lag(upper(one.months) - 1) over (partition by code, a, b, effect, person_key order by one.nth) end as before_month
    from human cross join lateral unnest(human.months) with ordinality as one(months, nth))
select code as region_code, a as programme_a, b as programme_b, effect, from_month, to_month, sum(n)::bigint as n
from (select code, a, b, effect, from_month, to_month, 1 as n from stretch
    union all select code, a, b, effect, from_month, before_month, -1 from stretch where before_month is not null) piece
group by 1, 2, 3, 4, 5, 6

-- name: forget
delete from watch.overlap o using (select * from watch.overlap except all select * from overlap_fresh) gone
where (o.person_key, o.benefit_a, o.benefit_b, o.from_month) = (gone.person_key, gone.benefit_a, gone.benefit_b, gone.from_month)

-- name: keep
insert into watch.overlap select * from overlap_fresh except all select * from watch.overlap

-- name: forget_counts
delete from watch.overlap_count o using (select * from watch.overlap_count except all select * from overlap_fresh_count) gone
where (o.region_code, o.programme_a, o.programme_b, o.effect, o.from_month, o.to_month)
    = (gone.region_code, gone.programme_a, gone.programme_b, gone.effect, gone.from_month, gone.to_month)

-- name: keep_counts
insert into watch.overlap_count select * from overlap_fresh_count except all select * from watch.overlap_count

-- name: people
-- How many people hold both of two benefits in a time: by pair and effect ('' whatever it is), and by effect for all pairs of a programme
-- (programme_b '': all). Served by overlap_count_pkey. Budget: 30 ms.
select programme_a, programme_b, effect, sum(n)::bigint as n from seen.overlap_count
where region_code = :place and from_month <= :last and to_month >= :first and (cast(:programme as text) is null or programme_a = :programme or programme_b = :programme)
group by 1, 2, 3

-- name: people_of_places
-- The same for who sees several places: people of two of them count once, so they have to be looked at. Budget: 500 ms at 200,000 pairs.
select kind.a as programme_a, kind.b as programme_b, kind.effect, count(distinct o.person_key) as n
from seen.overlap o
cross join lateral (values (o.programme_a, o.programme_b, ''), (o.programme_a, o.programme_b, o.effect), ('', '', o.effect),
    (o.programme_a, '', o.effect), (o.programme_b, '', o.effect)) as kind(a, b, effect)
where o.from_month <= :last and o.to_month >= :first and (cast(:programme as text) is null or kind.a = :programme or kind.b = :programme)
group by 1, 2, 3

-- name: marks
-- What the matrix says of each pair in a place on a day, and whether a place below says otherwise. Reads the matrix whole. Budget: 10 ms.
with told as (
    select e.exclusion_id, e.effect, e.basis, e.region_code, e.valid_from, way.depth,
        least(e.programme_a collate "C", e.programme_b collate "C") as a, greatest(e.programme_a collate "C", e.programme_b collate "C") as b,
        e.region_code is null or e.region_code = :place or way.depth is not null as holds
    from facts.exclusion e left join facts.region_path way on way.region_code = :place and way.ancestor_code = e.region_code
    where coalesce(e.valid_from, date '0001-01-01') <= :day and coalesce(e.valid_to, date '9999-12-31') >= :day),
here as (select distinct on (a, b) a, b, effect, basis from told where holds order by a, b, depth nulls last, valid_from desc nulls last, exclusion_id),
below as (
    select distinct told.a, told.b, told.effect from told
    where not holds and (:place = '' or exists (select from facts.region_path p where p.region_code = told.region_code and p.ancestor_code = :place)))
select a as programme_a, b as programme_b, coalesce(here.effect, 'open') as effect, here.basis,
    coalesce(bool_or(below.effect is distinct from coalesce(here.effect, 'open')) filter (where below.a is not null), false) as differs
from here full join below using (a, b) group by 1, 2, 3, 4

-- name: listed
-- People with what they hold at once in a time, one row each: the pair that weighs most, how many pairs, and the money of those that
-- exclude each other. The most money first: people are added up, the pairs of those shown looked at once more.
-- Served by overlap_pair, and by region. Budget: 250 ms for 100 of 100,000.
with pair as materialized (
    select o.*, least(o.to_month, :last) - greatest(o.from_month, :first) + 1 as months
    from seen.overlap o
    where o.from_month <= :last and o.to_month >= :first
        and (cast(:a as text) is null or o.programme_a = cast(:a as text) and o.programme_b = cast(:b as text))
        and (cast(:effect as text) is null or o.effect = cast(:effect as text))
        and (cast(:programme as text) is null or o.programme_a = cast(:programme as text) or o.programme_b = cast(:programme as text))
        and (cast(:region as text) is null or exists (select from facts.region_path p
            where p.ancestor_code = cast(:region as text) and p.region_code in (o.region_a, o.region_b)))),
human as (
    select person_key, count(*)::int as pairs, sum(case when effect = 'exclusive' then months * fen end) as all_fen, max(months) as longest
    from pair group by person_key),
first as (select human.*, count(*) over () as n from human order by all_fen desc nulls last, longest desc, person_key limit :most),
weighed as (
    select distinct on (pair.person_key) pair.*, case when effect = 'exclusive' then months * fen end as risk_fen
    from pair join first using (person_key)
    order by pair.person_key, effect = 'exclusive' desc, months * fen desc nulls last, benefit_a, benefit_b, from_month)
select weighed.*, first.pairs, first.all_fen, first.n from first join weighed using (person_key)
order by all_fen desc nulls last, longest desc, person_key

-- name: evidence
-- Findings of duplicates that hold now about some people. Index: finding_subject. Budget: 20 ms for 200.
select f.subject_key, f.item, f.rule, f.finding_id from watch.finding_shown f
where f.subject_kind = 'person' and f.subject_key = any(cast(:people as text[])) and f.rule = any(cast(:rules as text[])) and f.present
order by f.rule, f.finding_id

-- name: state
-- When overlaps were last looked at. Budget: 1 ms.
select at from watch.counted where name = 'overlap'
