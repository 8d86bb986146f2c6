-- 0106 means of their time: an amount is compared with the standard and the income check of its own day, not with those of another year
-- Phase: before the code.

-- As 0075, and the numbers of properties, and who cannot act for themselves.
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

-- As 0075, and judged_on, the day its amount is of: the newest word about the record while it ran, at the earliest when both ran. Past
-- to_period nothing is known of the months that count. The checks that say whether it was counted: the one in force on that day and later
-- ones made while both ran; what the highest of them knows is counted. Unknown where the income of one is.
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

-- Benefits of children paid at the full rate of their place. The amount is what was told last, which holds from a month later at the
-- latest (offices tell it before the rate rises), and from until_on on the rate is above it. The nearest place that has a rate decides;
-- where town and country differ, the higher: nothing here tells which of them a child belongs to.
create view facts.full_child_benefit as
select
    b.benefit_id, rate.full_fen, (
        select min(later.valid_from) from facts.region_path p
        join facts.standard later on later.region_code = p.ancestor_code and later.programme = b.programme
        where p.region_code = b.region_code and p.depth <= rate.depth and later.valid_from > b.judged_on
            and later.monthly_amount_fen - 100 >= b.monthly_amount_fen
    ) as until_on
from (
    select
        b.benefit_id, b.programme, b.region_code, b.monthly_amount_fen,
        greatest(cast(b.start_period || '-01' as date), cast((b.event_at at time zone 'Asia/Shanghai')::date + interval '1 month' as date)) as judged_on
    from facts.benefit b where b.programme in ('orphan', 'unsupported_child')
) b
cross join lateral (
    select min(p.depth) as depth, (array_agg(s.monthly_amount_fen order by p.depth, s.monthly_amount_fen desc))[1] as full_fen
    from facts.region_path p
    join facts.standard s on s.region_code = p.ancestor_code and s.programme = b.programme
    where p.region_code = b.region_code and s.valid_from <= b.judged_on
) rate
where b.monthly_amount_fen > rate.full_fen - 100;
grant select on facts.full_child_benefit to aidwatch_worker, rule_reader;
