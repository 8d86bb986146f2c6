-- name: year
-- The days of one year in a calendar, or in the one a region has or inherits. Index: primary key of working_day. Budget: 5 ms.
select day, working, nullif(name, '') as name, provisional from facts.working_day
where day between make_date(%(year)s, 1, 1) and make_date(%(year)s, 12, 31)
    and calendar = coalesce((select own.calendar from facts.region_calendar own where own.region_code = %(calendar)s),
        case when %(calendar)s ~ '^\d{12}$' then 'CN' else %(calendar)s end)
order by day

-- name: unsettled
-- Days of the December before a year that the notice of that year could still change. Index: primary key of workday. Budget: 5 ms.
select day, working, name from facts.workday
where day_id = any(array(select %(calendar)s || '/' || (make_date(%(year)s, 1, 1) - n) from generate_series(1, 31) n)) and not settled
