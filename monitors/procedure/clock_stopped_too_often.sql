/*---
code     = "P19"
version  = 1
title    = { zh = "滥用计时暂停", en = "Clock-pause abuse" }
basis    = ["监察规程：中止计时须有规定事由（国家规定受理后无中止计时）"]
subject  = "application"
to       = "U"
why      = { zh = "中止计时会把超期变成不超期；没有规定事由、停得过久、临到期才停，都可能是为了躲开时限。", en = "A stopped clock makes a late case look in time; without a lawful reason, for too long or just before the limit, it may be a way round it." }
remedy   = { zh = "恢复计时并尽快办结；说明中止的事由和证据。", en = "Restart the clock and finish the case; give the reason for each stop and its proof." }
blind_to = { zh = "看不出事由是否属实；没有报送事由的不判断事由。临期中止按总时限（T04）推算，不含其他环节时限。同一经办人当月两件以上的（红牌），另按人统计。", en = "Cannot tell whether a reason is true; silent about reasons that were not sent. Nearness is measured against the limit of the whole case (T04), not of single steps. Two cases a month of one person (red) are counted apart." }
says     = { zh = "{paused_at} 中止计时，事由 {reason}；问题：{what}；此前已停 {days_paused} 个工作日。", en = "Clock stopped at {paused_at} for {reason}; what is wrong: {what}; stopped for {days_paused} working days before." }
clears   = { zh = "更正中止或恢复计时的记录；确有其事的，记录保留。", en = "A wrong record of the stop or restart is corrected; what happened stays on record." }

[params]
pause_white = ["supplement", "disaster"]
limit = 15          # working days in all
near_days = 1       # working days before the limit of the case

[override_by]
region = "stopped.region_code"
programme = "stopped.programme"
path = "stopped.path"
on = "stopped.paused_on"

[touches]
application = "application_id"
stage = "application_id"
deadline = "*"
workday = "*"
region = "*"
---*/
-- From the inside out: changes from running to stopped and back; each stop with its end and its days; those already
-- stopped before it; the limit of the case in working days. One finding for each stop; that it lasts too long is said only
-- where nothing was wrong with its beginning.
select
    fault.application_id as subject_key, fault.stage_id as item,
    coalesce(fault.unlisted_at, fault.near_at, fault.exceeded_at) as yellow_at,
    fault.region_code, fault.unit_code, fault.programme, fault.path, fault.stage_id, fault.paused_at, fault.resumed_at,
    fault.reason, fault.days_before as days_paused,
    case when coalesce(fault.unlisted_at, fault.near_at) is null then 'PAUSE_TOO_LONG'
        else trim(case when fault.unlisted_at is not null then 'PAUSE_UNLISTED ' else '' end
            || case when fault.near_at is not null then 'PAUSE_NEAR_LIMIT' else '' end) end as what
from (
    select
        stopped.*,
        case when stopped.reason_known and not coalesce(stopped.reason = any(:pause_white), false) then stopped.paused_at end
            as unlisted_at,
        case when stopped.days_before <= :limit and (stopped.resumed_n is null
                or stopped.resumed_n - stopped.paused_n > :limit - stopped.days_before) then (
            select min(cast(over_day.day as timestamp) at time zone 'Asia/Shanghai') from facts.working_day over_day
            where over_day.calendar = stopped.calendar and over_day.working
                and over_day.n = stopped.paused_n + cast(:limit as int) - stopped.days_before + 1
        ) end as exceeded_at,
        case when stopped.paused_n >= stopped.accepted_n + stopped.limit_days + stopped.days_before - :near_days
            then stopped.paused_at end as near_at
    from (
        select
            paused.*,
            cast(paused.paused_at at time zone 'Asia/Shanghai' as date) as paused_on,
            cast(coalesce(sum(paused.resumed_n - paused.paused_n) over (
                partition by paused.application_id order by paused.paused_at
                rows between unbounded preceding and 1 preceding), 0) as int) as days_before,
            (
                select accepted_day.n from facts.working_day accepted_day
                where accepted_day.calendar = paused.calendar and accepted_day.day = cast(paused.accepted_at at time zone 'Asia/Shanghai' as date)
            ) as accepted_n,
            (
                select case when paused.extended_at <= paused.paused_at then coalesce(whole.extended_days, whole.days) else whole.days end
                from facts.application_limit whole
                where whole.application_id = paused.application_id and whole.rule = 'T04' and whole.unit = 'working_day'
            ) as limit_days
        from (
            select
                edge.application_id, edge.stage_id, edge.at as paused_at, edge.reason, edge.reason_known, edge.accepted_at,
                edge.extended_at, edge.stage_code, edge.calendar, edge.region_code, edge.unit_code, edge.programme, edge.path,
                lead(edge.at) over (partition by edge.application_id order by edge.at, edge.stage_id) as resumed_at,
                paused_day.n as paused_n,
                lead(paused_day.n) over (partition by edge.application_id order by edge.at, edge.stage_id) as resumed_n
            from (
                select
                    marked.*,
                    lag(marked.is_pause) over (partition by marked.application_id order by marked.at, marked.stage_id) as was_pause
                from (
                    select
                        stage.application_id, stage.stage_id, stage.stage_code, stage.at, stage.reason, stage.reason_known,
                        application.region_code, application.unit_code, application.programme, application.path,
                        coalesce(place.calendar, 'CN') as calendar,
                        case when stage.stage_code = 'PAUSE' then 1 else 0 end as is_pause,
                        (
                            select max(accepted.at) from facts.stage accepted
                            where accepted.application_id = stage.application_id and accepted.stage_code = 'ACCEPT'
                        ) as accepted_at,
                        (
                            select min(extension.at) from facts.stage extension
                            where extension.application_id = stage.application_id and extension.stage_code = 'EXTEND'
                        ) as extended_at
                    from facts.stage stage
                    join facts.application application on application.application_id = stage.application_id
                    left join facts.region_calendar place on place.region_code = application.region_code
                    where stage.stage_code in ('PAUSE', 'RESUME', 'DECIDE', 'REJECT_ACCEPT', 'WITHDRAW')
                        and stage.at >= timestamptz '1900-01-01 00:00:00+00'
                ) marked
            ) edge
            left join facts.working_day paused_day
                on paused_day.calendar = edge.calendar and paused_day.day = cast(edge.at at time zone 'Asia/Shanghai' as date)
            where edge.is_pause <> coalesce(edge.was_pause, 0)
        ) paused
        where paused.stage_code = 'PAUSE'
    ) stopped
) fault
where coalesce(fault.unlisted_at, fault.exceeded_at, fault.near_at) is not null
