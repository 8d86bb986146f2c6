-- 0111 exclusion stretch: which months each row of the exclusion matrix holds in
-- Phase: before the code.
-- What the matrix says of two programmes, cut where a row begins or ends: the months of a stretch, and each row that holds in all of them.
-- A row holds in a month if it is valid on its first day (as overlap.ruled has it). Each pair is told both ways round, and each stretch
-- once more as 'open' for places where no row speaks. As small as the matrix; which row is nearest depends on the place.
create view facts.exclusion_stretch as
with told as (
    select e.exclusion_id, way.a, way.b, e.effect, e.basis, e.region_code,
        coalesce(e.valid_from, date '0001-01-01') as from_day, coalesce(e.valid_to, date '9999-12-31') as to_day
    from facts.exclusion e
    cross join lateral (select e.programme_a, e.programme_b union select e.programme_b, e.programme_a) way(a, b)
),
cut as (  -- the first of the month from which a row holds, or no longer does
    select distinct told.a, told.b, cast(date_trunc('month', cast(turn.day - 1 as timestamp)) + interval '1 month' as date) as day
    from told cross join lateral (values (told.from_day), (least(told.to_day, date '9999-12-30') + 1)) turn(day)
    where turn.day > date '0001-01-01' and turn.day < date '9999-12-01'
    union
    select told.a, told.b, date '0001-01-01' from told
),
stretch as (
    select cut.a, cut.b, cut.day, to_char(cut.day, 'YYYY-MM') as from_month,
        coalesce(to_char(lead(cut.day) over (partition by cut.a, cut.b order by cut.day) - 1, 'YYYY-MM'), '9999-12') as to_month
    from cut
)
select stretch.a as programme_a, stretch.b as programme_b, stretch.from_month, stretch.to_month, told.exclusion_id, told.effect, told.basis,
    told.region_code, told.from_day as valid_from
from stretch
join told on told.a = stretch.a and told.b = stretch.b and told.from_day <= stretch.day and told.to_day >= stretch.day
union all
select stretch.a, stretch.b, stretch.from_month, stretch.to_month, null, 'open', null, null, null from stretch;

grant select on facts.exclusion_stretch to aidwatch_worker, rule_reader;
