-- How long each step took: from the step before it in its case (the first: from the start of the case) to its own end, in days and in
-- working days of the place's calendar. Negative where the record says it began later than it ended.
select step.note as activity, count(*) as n,
    percentile_cont(0.5) within group (order by step.days) as median_days,
    percentile_cont(0.9) within group (order by step.days) as p90_days,
    percentile_cont(0.5) within group (order by step.working_days) as median_working_days,
    percentile_cont(0.9) within group (order by step.working_days) as p90_working_days
from (
    select taken.note, extract(epoch from taken.at - taken.before_at) / 86400 as days, end_day.n - start_day.n as working_days
    from (
        select stage.note, stage.at, case_.region_code,
            coalesce(lag(stage.at) over (partition by stage.application_id order by stage.at, stage.stage_id collate "C"),
                case_.submitted_at) as before_at
        from facts.stage stage join facts.application case_ on case_.application_id = stage.application_id
        where stage.stage_code <> 'DECIDE'
    ) taken
    join facts.region_calendar place on place.region_code = taken.region_code
    join facts.working_day start_day
        on start_day.calendar = place.calendar and start_day.day = cast(taken.before_at at time zone 'Europe/Amsterdam' as date)
    join facts.working_day end_day
        on end_day.calendar = place.calendar and end_day.day = cast(taken.at at time zone 'Europe/Amsterdam' as date)
) step
group by step.note order by step.note
