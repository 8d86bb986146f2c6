-- name: history
-- Steps of the applications begun since a day, each application one row of arrays in the order they were taken, the newest
-- applications first; days are counts of national working days: only lengths are compared, of many places together. A refusal is a step of its own: another clock begins with it.
-- Index: stage_application. Budget: 30 s for 200,000 applications.
select application.application_id, coalesce(application.programme, '') as programme, coalesce(application.path, '') as path,
    steps.codes, steps.days, steps.ats
from (select * from facts.application where coalesce(submitted_at, event_at) >= %(since)s
      order by coalesce(submitted_at, event_at) desc, application_id limit %(limit)s) application
join lateral (
    select array_agg(code order by at, place, stage_id) as codes, array_agg(n order by at, place, stage_id) as days,
        array_agg(at order by at, place, stage_id) as ats
    from (
        select case when stage.stage_code = 'DECIDE' and stage.result = 'refuse' then 'REFUSE' else stage.stage_code end as code,
            day.n, stage.at, coalesce(step.place, 1000) as place, stage.stage_id
        from facts.stage stage
        join facts.working_day day on day.calendar = 'CN' and day.day = (stage.at at time zone 'Asia/Shanghai')::date
        left join facts.stage_order step on step.stage_code = stage.stage_code
        where stage.application_id = application.application_id and stage.at < %(now)s and stage.stage_code is not null) taken
    ) steps on steps.codes is not null

-- name: clocks
-- Which stages clocks run between, and what ends them: the step they lead to, and any later one of its chain. Few rows.
select deadline.rule, deadline.from_stage, deadline.to_stage,
    array_agg(distinct step.stage_code) filter (where step.stage_code is not null) as later
from facts.deadline deadline
left join facts.stage_order here on here.stage_code = deadline.to_stage
left join facts.stage_order step on step.place > here.place
where deadline.from_stage is not null and deadline.to_stage is not null
group by 1, 2, 3
order by 1, 2, 3
limit 1000

-- name: working_days
-- Every day with the working days up to and including it, of each calendar a place has. Primary key of working_day. Budget: 20 ms each.
select calendar, day, n from facts.working_day
where calendar = 'CN' or calendar in (select calendar from facts.region_calendar) order by calendar, day limit 4000000

-- name: places
-- Places with a calendar of their own or of a region above them. Few rows where few have one.
select region_code, calendar from facts.region_calendar limit 100000

-- name: forget
-- The forecasts of today are made anew; of earlier ones Mondays' are kept for half a year, to be compared with what came.
delete from watch.forecast where made_on = %(today)s or made_on < %(today)s::date - 180
    or (made_on < %(today)s and extract(isodow from made_on) <> 1)

-- name: add
insert into watch.forecast (made_on, application_id, rule, item, region_code, unit_code, programme, path, state, state_since, started_at,
    yellow_at, red_at, days_left, yellow_share, red_share, cause, cause_share, cases)
values (%(made_on)s, %(application_id)s, %(rule)s, %(item)s, %(region_code)s, %(unit_code)s, %(programme)s, %(path)s, %(state)s, %(state_since)s,
    %(started_at)s, %(yellow_at)s, %(red_at)s, %(days_left)s, %(yellow_share)s, %(red_share)s, %(cause)s, %(cause_share)s, %(cases)s)

-- name: came
-- Forecasts whose limit has passed, and whether the yellow card came; those that were late already had nothing to foretell.
-- Budget: 1 s for half a year of Mondays.
select told.yellow_share, extract(epoch from told.made_on::timestamp at time zone 'Asia/Shanghai' - told.started_at)::float8 as elapsed_s,
    exists (select from watch.finding found where found.subject_kind = 'application' and found.subject_key = told.application_id
        and found.rule = told.rule and found.item = told.item and least(found.yellow_at, found.red_at) <= %(now)s and found.present) as came
from watch.forecast told
where told.yellow_at <= %(now)s and told.days_left >= 0
order by told.made_on desc, told.application_id
limit 100000
