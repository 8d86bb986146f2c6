/*---
version  = 2
subject  = "application"
to       = "U"
needs    = ["application", "stage"]
why      = { zh = "每个环节都有法定或承诺时限；超期使困难群众等不到救助。", en = "Every step has a limit by law or promise; when it passes, people in need go on waiting." }
remedy   = { zh = "立即办理并说明原因；确有法定情形的，应在时限届满前办理延期或中止计时。", en = "Take the step and give the reason; where the law allows it, extend or stop the clock before the limit ends." }
blind_to = { zh = "补录的时间（早于实际办理）看不出来；来年放假安排未公布时按普通周和法定节日推算，期限以区间表示。T09 只看最后一次决定，T21 只看最后一次异议；残联环节（T23）只有由残联启动核对的才看得出；依据某地规定的期限须由该地另行设定。", en = "A back-dated step looks in time; where a year's calendar is not published, plain weeks and the law's holidays are assumed and the due day is a range. T09 looks at the last decision only, T21 at the last objection; the federation's step of T23 is seen only where a federation started the check; limits that only some places have must be set there." }
says     = { zh = "应完成{to_stage}：{arithmetic}。实际完成：{ended_at}。", en = "The {to_stage} was due: {arithmetic}. Done: {ended_at}." }
clears   = { zh = "在时限内完成；登记有效的延期（{limit_on} 前）或中止计时；更正环节时间。已超期完成的，记录保留。", en = "The step taken in time; a valid extension (by {limit_on}) or stop of the clock; a corrected time of a step. Done late, the finding stays." }

[params]
extend_reasons = ["objection", "split_residence", "cross_region", "difficult_investigation"]

[override_by]
region = "clock.region_code"
programme = "clock.programme"
path = "clock.path"
on = "cast(beginning.at at time zone 'Asia/Shanghai' as date)"

[codes.T01]
title = { zh = "受理超时", en = "Acceptance overdue" }
basis = ["民发〔2021〕57号 第10条", "社会救助暂行办法 第66条(一)"]
[codes.T02]
title = { zh = "经济状况调查启动超时", en = "Investigation start overdue" }
basis = ["民发〔2021〕57号 第15条"]
[codes.T03]
title = { zh = "信息核对启动超时", en = "Verification start overdue" }
basis = ["民发〔2021〕57号 第17条"]
[codes.T04]
title = { zh = "审核确认总时限超期", en = "Total decision limit exceeded" }
basis = ["民发〔2021〕57号 第22条", "民发〔2022〕83号 四(一)", "刚性支出困难家庭认定办法 第8条"]
[codes.T06]
title = { zh = "县级审核确认环节超时", en = "County confirmation stage overdue" }
basis = ["民发〔2021〕57号 第20条"]
[codes.T07]
title = { zh = "特困调查初审超时", en = "Township opinion on extreme poverty overdue" }
basis = ["民发〔2021〕43号 第13条"]
[codes.T08]
title = { zh = "特困县级确认超时", en = "County confirmation of extreme poverty overdue" }
basis = ["民发〔2021〕43号 第16条"]
[codes.T09]
title = { zh = "不予确认告知超时", en = "Refusal notice overdue" }
basis = ["民发〔2021〕57号 第21条", "民发〔2021〕43号 第18条"]
[codes.T12]
title = { zh = "支出型临时救助审批超时", en = "Expenditure-type aid overdue" }
basis = ["民发〔2018〕23号", "地方规定（喀什 15 个工作日；楚雄乡镇、县级各 10 个工作日）"]
[codes.T19]
title = { zh = "自理能力复评超时", en = "Self-care reassessment overdue" }
basis = ["民发〔2021〕43号 第23条"]
[codes.T21]
title = { zh = "公示异议复核超时", en = "Objection review overdue" }
basis = ["民发〔2021〕43号 第15条、第26条", "民发〔2021〕57号 第19条"]
[codes.T22]
title = { zh = "儿童类查验或确认超时", en = "Child case stage overdue" }
basis = ["关于进一步加强事实无人抚养儿童保障工作的意见 二"]
[codes.T23]
title = { zh = "残疾人两项补贴环节超时", en = "Disability-subsidy stage overdue" }
basis = ["国发〔2015〕52号", "地方规定（宜昌：乡镇、残联、民政各 10 个工作日）", "残疾人两项补贴“跨省通办”（推送 3、审定 10、反馈 3 个工作日）"]

[touches]
application = "application_id"
stage = "application_id"
household_member = "select application.application_id from facts.application application join facts.stage extension on extension.application_id = application.application_id and extension.stage_code = 'EXTEND' where application.household_id = any(:household_id)"
person = "select application.application_id from facts.household_member member join facts.application application on application.household_id = member.household_id join facts.stage extension on extension.application_id = application.application_id and extension.stage_code = 'EXTEND' where member.person_id = any(:person_id)"
deadline = "*"
workday = "*"
region = "*"
unit = "*"
---*/
-- From the inside out: the most specific limit of each code (clock); its last start, what ended it, what may extend it
-- (started); the days after that, counted unless paused (passed); the days on which its rungs begin (counted); the
-- limit that holds (ladder). What ended in time is dropped before its days are counted. Limits in hours do not pause.
select
    ladder.application_id as subject_key, ladder.item, ladder.rule,
    ladder.notice_at, ladder.yellow_at,
    case when coalesce(ladder.ended_at, ladder.red_at) >= ladder.red_at then ladder.red_at end as red_at,
    application.region_code, application.unit_code,
    application.programme, application.path, deadline.from_stage, deadline.to_stage, ladder.started_at,
    ladder.limit_days, deadline.unit, ladder.granted_at as extended_at, ladder.limit_on,
    case when ladder.unit = 'hour' then ladder.yellow_at end as limit_at, ladder.ended_at,
    limit_day.n - start_day.n - ladder.limit_days as days_paused,
    end_day.n - limit_day.n + ladder.limit_days as days_used,
    -- what a notice still to come may make of it; days of a pause are those of the days known
    case when limit_day.n_most - limit_day.n_least > start_day.n_most - start_day.n_least then (
        select min(least_day.day) from facts.working_day least_day
        where least_day.calendar = start_day.calendar and least_day.n_most = start_day.n_most + limit_day.n - start_day.n) end as limit_earliest_on,
    case when limit_day.n_most - limit_day.n_least > start_day.n_most - start_day.n_least then (
        select min(most_day.day) from facts.working_day most_day
        where most_day.calendar = start_day.calendar and most_day.n_least = start_day.n_least + limit_day.n - start_day.n) end as limit_latest_on,
    case when limit_day.n_named > start_day.n_named then (
        select array_agg(rtrim(cast(off_day.day as text) || ' ' || off_day.name) order by off_day.day) from facts.working_day off_day
        where off_day.calendar = start_day.calendar and not off_day.working and off_day.name is not null
            and off_day.day > start_day.day and off_day.day <= limit_day.day
    ) end as days_off,
    case when limit_day.n_named > start_day.n_named then (
        select array_agg(rtrim(cast(worked_day.day as text) || ' ' || worked_day.name) order by worked_day.day) from facts.working_day worked_day
        where worked_day.calendar = start_day.calendar and worked_day.working and worked_day.name is not null
            and worked_day.day > start_day.day and worked_day.day <= limit_day.day
    ) end as days_worked,
    ladder.deadline_id, deadline.basis as deadline_basis, deadline.verified as basis_verified,
    limit_day.provisional as calendar_provisional
from (
    select
        counted.application_id, counted.deadline_id, counted.rule, counted.item, counted.unit, counted.started_at,
        counted.ended_at,
        case when counted.is_extended then counted.extended_at end as granted_at,
        case when counted.is_extended then counted.extended_days else counted.days end as limit_days,
        case when counted.is_extended then counted.longer_limit_on else counted.limit_on end as limit_on,
        case when counted.is_extended then counted.longer_notice_at else counted.notice_at end as notice_at,
        case when counted.is_extended then counted.longer_yellow_at else counted.yellow_at end as yellow_at,
        case when counted.is_extended then counted.longer_red_at else counted.red_at end as red_at
    from (
        select
            passed.application_id, passed.deadline_id, passed.rule, passed.item, passed.unit, passed.days,
            passed.extended_days, passed.started_at, passed.ended_at, passed.extended_at,
            min(case when passed.used = passed.days then passed.day end) as limit_on,
            case when passed.unit = 'hour' then passed.started_at + (passed.days - passed.notice_days) * interval '1 hour'
                when passed.days <= passed.notice_days then passed.started_at
                else min(case when passed.used = passed.days - passed.notice_days then passed.begins_at end) end as notice_at,
            case when passed.unit = 'hour' then passed.started_at + passed.days * interval '1 hour'
                else min(case when passed.used = passed.days + 1 then passed.begins_at end) end as yellow_at,
            case when passed.unit = 'hour' then passed.started_at + passed.red_days * interval '1 hour'
                when passed.red_days > 0 then min(case when passed.used = least(passed.red_days, passed.extended_days) + 1
                    then passed.begins_at end) end as red_at,
            -- an extension holds if it was given while the limit had not ended; on a stopped clock it has not
            passed.unit <> 'hour' and passed.extended_days > 0 and coalesce(
                passed.extended_at < cast(min(case when passed.used = passed.days then passed.day end) + 1 as timestamp)
                    at time zone 'Asia/Shanghai', passed.extended_at >= passed.started_at) as is_extended,
            min(case when passed.used = passed.extended_days then passed.day end) as longer_limit_on,
            min(case when passed.used = passed.extended_days - passed.notice_days then passed.begins_at end) as longer_notice_at,
            min(case when passed.used = passed.extended_days + 1 then passed.begins_at end) as longer_yellow_at,
            min(case when passed.used = passed.extended_days + 1 and passed.red_days > 0 then passed.begins_at end) as longer_red_at
        from (
            select
                started.application_id, started.deadline_id, started.rule, started.item, started.unit, started.days,
                started.red_days, started.notice_days, started.extended_days, started.started_at, started.ended_at,
                started.extended_at, day.day,
                cast(day.day as timestamp) at time zone 'Asia/Shanghai' as begins_at,
                sum(case when started.has_pause and exists (
                        select 1 from facts.pause pause
                        where pause.application_id = started.application_id and pause.reason = any(started.pauses)
                            and pause.paused_on < day.day and pause.resumed_on >= day.day
                    ) then 0 else 1 end
                ) over (partition by started.application_id, started.deadline_id order by day.day) as used
            from (
                select
                    clock.application_id, clock.deadline_id, clock.rule, clock.item, clock.unit, clock.days, clock.red_days,
                    clock.notice_days, clock.extended_days, clock.pauses, beginning.at as started_at,
                    coalesce((select place.calendar from facts.region_calendar place where place.region_code = clock.region_code), 'CN') as calendar,
                    beginning.result as from_result,
                    cast(beginning.at at time zone 'Asia/Shanghai' as date) as started_on,
                    row_number() over (
                        partition by clock.application_id, clock.deadline_id order by beginning.at desc, beginning.stage_id desc
                    ) as latest,
                    (
                        select min(done.at) from facts.stage done
                        where done.application_id = clock.application_id and done.stage_code <> clock.from_stage
                            and (done.stage_code in (clock.to_stage, 'DECIDE', 'REJECT_ACCEPT', 'WITHDRAW')
                                or done.stage_code = any(chain.later_stages) or (clock.rule = 'T21' and done.stage_code = 'REVIEW'))
                            -- days are counted by their dates: what was done earlier on the first day was done; but the
                            -- opinion somebody objected to is no answer to it, nor is the end of the publicity it was made in
                            and (clock.rule <> 'T21' or done.stage_code <> 'PUBLICITY_END')
                            and (done.at >= beginning.at or (clock.unit <> 'hour' and clock.rule <> 'T21'
                                and cast(done.at at time zone 'Asia/Shanghai' as date)
                                    = cast(beginning.at at time zone 'Asia/Shanghai' as date)))
                    ) as ended_at,
                    case when clock.extended_days > 0 then (
                        select min(extension.at) from facts.stage extension
                        where extension.application_id = clock.application_id and extension.stage_code = 'EXTEND'
                            and extension.at >= beginning.at and extension.reason = any(:extend_reasons)
                            and (extension.reason <> 'objection' or exists (
                                select 1 from facts.stage objection
                                where objection.application_id = clock.application_id and objection.stage_code = 'OBJECTION'))
                            -- contradicted only where every member of the household is known to live where registered
                            and (extension.reason <> 'split_residence' or coalesce((
                                select max(case when human.hukou_region = human.residence_region then 0 else 1 end)
                                from facts.household_member member
                                left join facts.person_version human on human.person_id = member.person_id
                                    and human.from_at <= extension.at
                                    and coalesce(human.to_at, timestamptz '9999-12-31 00:00:00+00') > extension.at
                                where member.household_id = clock.household_id), 1) = 1)
                    ) end as extended_at,
                    case when cardinality(clock.pauses) > 0 then exists (
                        select 1 from facts.stage pause
                        where pause.application_id = clock.application_id and pause.stage_code = 'PAUSE'
                            and pause.reason = any(clock.pauses)
                    ) else false end as has_pause
                from facts.application_limit clock
                join facts.stage beginning
                    on beginning.application_id = clock.application_id and beginning.stage_code = clock.from_stage
                    and beginning.at >= timestamptz '1900-01-01 00:00:00+00'
                left join (
                    select one.stage_code, array_agg(other.stage_code) as later_stages
                    from facts.stage_order one join facts.stage_order other on other.place > one.place
                    group by one.stage_code
                ) chain on chain.stage_code = clock.to_stage
                where clock.rule in ('T01', 'T02', 'T03', 'T04', 'T06', 'T07', 'T08', 'T09', 'T12', 'T19', 'T21', 'T22', 'T23')
                    -- the chain across provinces begins with the application, the other with acceptance; the county's step is of both
                    and case when clock.rule <> 'T23' then true
                        when clock.from_stage = 'APPLY' then coalesce(clock.cross_region, false)
                        when clock.from_stage = 'DECIDE' then coalesce(clock.cross_region and beginning.result <> 'refuse', false)
                        when clock.from_stage = 'ACCEPT' then not coalesce(clock.cross_region, false)
                        when clock.from_stage = 'CHECK_START' then not coalesce(clock.cross_region, false) and exists (
                            select 1 from facts.unit unit
                            where unit.unit_code = beginning.unit_code and unit.kind = 'disabled_federation')
                        else true end
            ) started
            left join facts.working_day start_day on start_day.calendar = started.calendar and start_day.day = started.started_on
            left join facts.working_day end_day
                on end_day.calendar = started.calendar and end_day.day = cast(started.ended_at at time zone 'Asia/Shanghai' as date)
            left join facts.working_day day
                on day.calendar = started.calendar and started.unit <> 'hour' and (day.working or started.unit = 'calendar_day')
                and day.day > started.started_on
                and day.day <= started.started_on + 20 + 2 * greatest(started.days, started.red_days,
                    case when started.extended_at >= started.started_at then started.extended_days end)
                    + case when started.has_pause then 400 else 0 end
            where started.latest = 1 and (started.rule <> 'T09' or started.from_result = 'refuse')
                and (started.ended_at is null or started.unit <> 'working_day' or end_day.n > start_day.n + started.days)
        ) passed
        group by
            passed.application_id, passed.deadline_id, passed.rule, passed.item, passed.unit, passed.days,
            passed.red_days, passed.notice_days, passed.extended_days, passed.started_at, passed.ended_at,
            passed.extended_at
    ) counted
) ladder
join facts.application application on application.application_id = ladder.application_id
join facts.deadline deadline on deadline.deadline_id = ladder.deadline_id
left join facts.region_calendar place on place.region_code = application.region_code
left join facts.working_day start_day
    on ladder.unit = 'working_day' and start_day.calendar = coalesce(place.calendar, 'CN')
    and start_day.day = cast(ladder.started_at at time zone 'Asia/Shanghai' as date)
left join facts.working_day limit_day
    on ladder.unit = 'working_day' and limit_day.calendar = start_day.calendar and limit_day.day = ladder.limit_on
left join facts.working_day end_day
    on end_day.calendar = coalesce(place.calendar, 'CN') and end_day.day = cast(ladder.ended_at at time zone 'Asia/Shanghai' as date)
where ladder.ended_at >= ladder.yellow_at
    or (ladder.ended_at is null and coalesce(ladder.notice_at, ladder.yellow_at, ladder.red_at) > timestamptz '1900-01-01 00:00:00+00')
