-- 0108 kin and marriage: kinship told from the other end, marriages by certificate, one house told twice, days abroad counted once
-- Phase: before the code.

-- Kinship is told once for each pair and holds both ways: whose parent somebody is, is their child. Everybody is their own nearest relative.
create or replace view facts.kin as
select person_id, relative_id, relation from store.kinship
union all
select relative_id, person_id, case relation when 'parent' then 'child' when 'child' then 'parent'
    when 'grandparent' then 'grandchild' when 'grandchild' then 'grandparent' else relation end from store.kinship
union all select person_id, person_id, 'self'::text from store.identity;

-- What registers say by number and not by person (docs/registers.md).
create or replace view facts.register_detail as
select
    r.person_key, r.record_id, r.kind, r.from_date, r.to_date, r.amount_fen, r.department, r.as_of, r.event_source, r.event_at,
    coalesce(r.from_date, r.as_of, (r.event_at at time zone 'Asia/Shanghai')::date) as since_on,
    r.attributes ->> 'vehicle_type' as vehicle_type, r.attributes ->> 'role' as role, r.attributes ->> 'status' as status,
    r.attributes ->> 'category' as category, r.attributes ->> 'region_code' as at_region_code,
    case when r.attributes ->> 'value_fen' ~ '^\d{1,15}$' then (r.attributes ->> 'value_fen')::bigint end as value_fen,
    case when r.attributes ->> 'turnover_fen' ~ '^\d{1,15}$' then (r.attributes ->> 'turnover_fen')::bigint end as turnover_fen,
    case when r.attributes ->> 'excluded_fen' ~ '^\d{1,15}$' then (r.attributes ->> 'excluded_fen')::bigint end as excluded_fen,
    case when r.attributes ->> 'fee_fen' ~ '^\d{1,15}$' then (r.attributes ->> 'fee_fen')::bigint end as fee_fen,
    case when r.attributes ->> 'area_m2' ~ '^\d{1,7}(\.\d+)?$' then (r.attributes ->> 'area_m2')::float8 end as area_m2,
    case when r.attributes ->> 'employees' ~ '^\d{1,7}$' then (r.attributes ->> 'employees')::int end as employees,
    case when r.attributes ->> 'grade' ~ '^\d$' then (r.attributes ->> 'grade')::int end as grade,
    case r.attributes ->> 'residential' when 'true' then true when 'false' then false end as residential,
    case r.attributes ->> 'sole_livelihood' when 'true' then true when 'false' then false end as sole_livelihood,
    case r.attributes ->> 'exempt' when 'true' then true when 'false' then false end as exempt,
    case r.attributes ->> 'cancelled' when 'true' then true when 'false' then false end as cancelled,
    case when r.attributes ->> 'purchased_on' ~ '^\d{4}-\d{2}-\d{2}$' then (r.attributes ->> 'purchased_on')::date end as purchased_on,
    case when r.attributes ->> 'valid_to' ~ '^\d{4}-\d{2}-\d{2}$' then (r.attributes ->> 'valid_to')::date end as valid_to,
    nullif(r.attributes ->> 'property_no', '') as property_no,
    case r.attributes ->> 'incapable' when 'true' then true when 'false' then false end as incapable
from facts.register r;

-- As 0106, with the number of the property.
create or replace view facts.means as
select
    own.person_key, own.benefit_id, own.programme, own.household_id, own.region_code, own.from_period, own.to_period, own.application_id,
    own.record_id, own.kind, own.from_date, own.to_date, own.amount_fen, own.department, own.as_of, own.vehicle_type, own.role, own.status,
    own.value_fen, own.turnover_fen, own.excluded_fen, own.fee_fen, own.area_m2, own.employees, own.residential, own.sole_livelihood, own.exempt,
    own.purchased_on, own.since_on, own.persons,
    (
        select (array_agg(s.monthly_amount_fen order by p.depth, s.urban_rural nulls last, s.valid_from desc, s.standard_id))[1]
        from facts.region_path p
        join facts.standard s on s.region_code = p.ancestor_code and s.programme = 'dibao'
        where p.region_code = own.home_code and s.valid_from <= own.judged_on
            and coalesce(s.urban_rural, own.urban_rural, '') = coalesce(own.urban_rural, '')
    ) as standard_fen,
    checked.verified_per_capita_fen, checked.checked_at, checked.newest_check_at, own.judged_on, own.last_period, own.gradual_exit_from, own.property_no
from (
    select
        b.person_key, b.benefit_id, b.programme, b.household_id, b.region_code, b.from_period, b.to_period, b.application_id, b.gradual_exit_from,
        d.record_id, d.kind, d.from_date, d.to_date, d.amount_fen, d.department, d.as_of, d.vehicle_type, d.role, d.status, d.value_fen,
        d.turnover_fen, d.excluded_fen, d.fee_fen, d.area_m2, d.employees, d.residential, d.sole_livelihood, d.exempt, d.purchased_on, d.property_no,
        greatest(d.since_on, cast(b.from_period || '-01' as date)) as since_on,
        least(d.to_date, greatest(coalesce(d.as_of, (d.event_at at time zone 'Asia/Shanghai')::date), d.since_on,
            cast(b.from_period || '-01' as date))) as judged_on,
        least(b.to_period, to_char(d.to_date, 'YYYY-MM')) as last_period,
        greatest(coalesce(b.covered_persons, (
            select count(*) from facts.household_member m where m.household_id = b.household_id and m.counted)), 1) as persons,
        coalesce(h.region_code, b.region_code) as home_code, h.urban_rural
    from facts.received b
    join facts.register_detail d on d.person_key = b.person_key
    left join facts.household h on h.household_id = b.household_id
    where b.programme in ('dibao', 'dibao_margin', 'rigid_expense') and b.from_period <= b.to_period
        and to_char(d.since_on, 'YYYY-MM') <= b.to_period and coalesce(to_char(d.to_date, 'YYYY-MM'), '9999-12') >= b.from_period
) own
left join lateral (
    select
        case when count(*) = count(c.verified_per_capita_fen) then max(c.verified_per_capita_fen) end as verified_per_capita_fen,
        min(c.checked_at) as checked_at, max(c.checked_at) as newest_check_at
    from (
        select
            c.verified_per_capita_fen, c.checked_at,
            max(c.checked_at) filter (where (c.checked_at at time zone 'Asia/Shanghai')::date <= own.judged_on) over () as in_force_at
        from facts.income_check c
        where c.household_id = own.household_id and to_char(c.checked_at at time zone 'Asia/Shanghai', 'YYYY-MM') <= own.to_period
            and (c.checked_at at time zone 'Asia/Shanghai')::date <= coalesce(own.to_date, date '9999-12-31')
    ) c
    where c.checked_at >= coalesce(c.in_force_at, c.checked_at)
) checked on true;

-- A marriage is one record for each of the two under the number of its certificate; its end (divorce) is their to_date. It lasts where
-- an end is known not to be, and neither married anybody later.
create index register_marriage on store.register ((attributes ->> 'certificate_no')) where kind = 'marriage';
create view facts.marriage as
select a.person_key, b.person_key as spouse_key, greatest(a.from_date, b.from_date) as from_date, greatest(a.to_date, b.to_date) as to_date,
    a.to_date is null and b.to_date is null and (a.to_date_known or b.to_date_known) and not exists (
        select from facts.register later where later.kind = 'marriage' and later.person_key = a.person_key
            and later.from_date > greatest(a.from_date, b.from_date)) and not exists (
        select from facts.register later where later.kind = 'marriage' and later.person_key = b.person_key
            and later.from_date > greatest(a.from_date, b.from_date)) as lasts
from facts.register a
join facts.register b on b.kind = 'marriage' and b.attributes ->> 'certificate_no' = a.attributes ->> 'certificate_no'
    and b.person_key <> a.person_key
where a.kind = 'marriage';

-- Who is married to whom: by the register, and by kinship on record where the register knows of no end. Branches apart, so that a
-- filter on person_key goes in. from_date: where a register tells it.
create view facts.spouse as
select told.person_key, told.spouse_key, max(told.from_date) as from_date
from (
    select m.person_key, m.spouse_key, m.from_date from facts.marriage m where m.lasts
    union all
    select me.person_key, you.person_key, null
    from store.identity me
    join facts.kin kin on kin.person_id = me.person_id and kin.relation = 'spouse'
    join store.identity you on you.person_id = kin.relative_id
    where not exists (
        select from facts.marriage m where m.person_key = me.person_key and m.spouse_key = you.person_key and m.to_date is not null)) told
group by told.person_key, told.spouse_key;

-- Stays abroad without what is told twice: each day counts once. A return that was not told is not taken for a stay that goes on.
create view facts.abroad as
select told.person_key, lower(stay) as from_date, upper(stay) - 1 as to_date
from (
    select r.person_key, range_agg(daterange(r.from_date, r.to_date, '[]')) as stays
    from facts.register r
    where r.kind = 'border' and r.from_date <= coalesce(r.to_date, r.from_date) and (r.to_date is not null or r.to_date_known)
    group by r.person_key) told
cross join lateral unnest(told.stays) stay;

-- Its days one by one, the first eight hundred of a stay.
create view facts.abroad_day as
select stay.person_key, day::date as day, stay.from_date, stay.to_date
from facts.abroad stay
cross join lateral generate_series(stay.from_date, least(stay.to_date, stay.from_date + 799), interval '1 day') day;

grant select on facts.marriage, facts.spouse, facts.abroad, facts.abroad_day to aidwatch_worker, rule_reader;
