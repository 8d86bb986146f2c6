-- 0075 means: what registers say about people who receive a benefit that depends on means
-- Phase: before the code.

-- The attributes rules read (docs/registers.md), as columns; what is not written as it should be is unknown.
create view facts.register_detail as
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
    case when r.attributes ->> 'valid_to' ~ '^\d{4}-\d{2}-\d{2}$' then (r.attributes ->> 'valid_to')::date end as valid_to
from facts.register r;

-- A record of somebody who receives one of the benefits that depend on means, from the day both held; with the persons it is shared
-- by, the dibao standard of their place on that day, and the newest income check of the household.
create view facts.means as
select
    b.person_key, b.benefit_id, b.programme, b.household_id, b.region_code, b.from_period, b.to_period, b.application_id, d.record_id, d.kind,
    d.from_date, d.to_date, d.amount_fen, d.department, d.as_of, d.vehicle_type, d.role, d.status, d.value_fen, d.turnover_fen, d.excluded_fen,
    d.fee_fen, d.area_m2, d.employees, d.residential, d.sole_livelihood, d.exempt, d.purchased_on,
    greatest(d.since_on, cast(b.from_period || '-01' as date)) as since_on,
    greatest(coalesce(b.covered_persons, (
        select count(*) from facts.household_member m where m.household_id = b.household_id and m.counted)), 1) as persons,
    (
        select (array_agg(s.monthly_amount_fen order by p.depth, s.urban_rural nulls last, s.valid_from desc, s.standard_id))[1]
        from facts.region_path p
        join facts.standard s on s.region_code = p.ancestor_code and s.programme = 'dibao'
        where p.region_code = coalesce(h.region_code, b.region_code)
            and s.valid_from <= greatest(d.since_on, cast(b.from_period || '-01' as date))
            and coalesce(s.urban_rural, h.urban_rural, '') = coalesce(h.urban_rural, '')
    ) as standard_fen,
    checked.verified_per_capita_fen, checked.checked_at
from facts.received b
join facts.register_detail d on d.person_key = b.person_key
left join facts.household h on h.household_id = b.household_id
left join lateral (
    select c.verified_per_capita_fen, c.checked_at from facts.income_check c
    where c.household_id = b.household_id and c.checked_at is not null
    order by c.checked_at desc, c.check_id limit 1) checked on true
where b.programme in ('dibao', 'dibao_margin', 'rigid_expense') and b.from_period <= b.to_period
    and to_char(d.since_on, 'YYYY-MM') <= b.to_period and coalesce(to_char(d.to_date, 'YYYY-MM'), '9999-12') >= b.from_period;

grant select on facts.register_detail, facts.means to aidwatch_worker, rule_reader;
