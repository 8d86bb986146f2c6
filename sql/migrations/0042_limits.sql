-- 0042 limits: the limit that holds for a case, found in one place for every rule about a deadline
-- Phase: before the code.

-- For each application and each code the nearest limit that held on the day of its acceptance (§6 of the contract: of its
-- application, where nobody accepted it): its region's before those above it, then its programme's, then its path's own.
-- T22 and T23 have a limit for each step (item); the others have one. What filters on application_id and rule goes in.
create view facts.application_limit as
select
    application_id, household_id, region_code, unit_code, programme, path, cross_region, accepted_on, rule, item,
    deadline_id, from_stage, to_stage, days, red_days, notice_days, extended_days, unit, pauses, basis, verified
from (
    select
        application.*, deadline.rule, deadline.item, deadline.deadline_id, deadline.from_stage, deadline.to_stage,
        deadline.days, deadline.red_days, deadline.notice_days, deadline.extended_days, deadline.unit, deadline.pauses,
        deadline.basis, deadline.verified,
        row_number() over (
            partition by application.application_id, deadline.rule, deadline.item
            order by
                case when deadline.region_code = application.region_code then 0
                    when deadline.region_code is not null then (
                    select place.depth from facts.region_path place
                    where place.region_code = application.region_code and place.ancestor_code = deadline.region_code) end,
                deadline.programme, deadline.path, deadline.valid_from desc nulls last, deadline.deadline_id
        ) as nearest
    from (
        select
            application.application_id, application.household_id, application.region_code, application.unit_code,
            application.programme, application.path, application.cross_region,
            cast(coalesce((
                    select max(accepted.at) from facts.stage accepted
                    where accepted.application_id = application.application_id and accepted.stage_code = 'ACCEPT'),
                application.submitted_at, application.event_at) at time zone 'Asia/Shanghai' as date) as accepted_on
        from facts.application application
    ) application
    join (
        select
            deadline.*,
            case when deadline.rule in ('T22', 'T23') then coalesce(deadline.from_stage, '') else '' end as item
        from facts.deadline deadline
    ) deadline
        on coalesce(deadline.programme, application.programme, '') = coalesce(application.programme, '')
        and coalesce(deadline.path, application.path, '') = coalesce(application.path, '')
    where deadline.days between 0 and 5000 and coalesce(deadline.red_days, 0) between 0 and 5000
        and coalesce(deadline.notice_days, 0) between 0 and 5000 and coalesce(deadline.extended_days, 0) between 0 and 5000
        and case when deadline.region_code <> application.region_code then exists (
            select 1 from facts.region_path place
            where place.region_code = application.region_code and place.ancestor_code = deadline.region_code
        ) else coalesce(deadline.region_code, application.region_code, '') = coalesce(application.region_code, '') end
        and case when deadline.valid_from is not null then application.accepted_on >= deadline.valid_from else true end
        and case when deadline.valid_to is not null then application.accepted_on <= deadline.valid_to else true end
) clock
where nearest = 1;

-- The days on which a clock stands still: from the day after a stop to the day it went on again. A stop counts by its reason.
create view facts.pause as
select
    paused.application_id, paused.reason, cast(paused.at at time zone 'Asia/Shanghai' as date) as paused_on,
    coalesce((
        select cast(min(resumed.at) at time zone 'Asia/Shanghai' as date) from facts.stage resumed
        where resumed.application_id = paused.application_id and resumed.stage_code = 'RESUME' and resumed.at >= paused.at
    ), date '9999-12-31') as resumed_on
from facts.stage paused
where paused.stage_code = 'PAUSE';

-- Aid in an emergency: when it was applied for and first paid. The step says so; else the bank's line of its benefit, or one of
-- the household that stands for no benefit (as one-off aid does) from a week before the application on.
create view facts.first_aid as
select
    applied.application_id, applied.applied_at,
    coalesce((
        select min(step.at) from facts.stage step
        where step.application_id = applied.application_id and step.stage_code = 'FIRST_PAYMENT'
    ), least((
        select min(line.paid_at) from facts.benefit benefit join facts.payment line on line.benefit_id = benefit.benefit_id
        where benefit.application_id = applied.application_id
    ), (
        select min(line.paid_at) from facts.payment line
        where line.household_id = applied.household_id and coalesce(line.benefit_id, '') = '' and line.programme = applied.programme
            and line.paid_at >= applied.applied_at - interval '7 days'
    ))) as paid_at
from (
    select
        application.application_id, application.household_id, application.programme,
        coalesce((
            select min(step.at) from facts.stage step
            where step.application_id = application.application_id and step.stage_code = 'APPLY'
        ), application.submitted_at) as applied_at
    from facts.application application
    where application.path = 'emergency'
) applied;

-- A payment run names every benefit of a city: what looks at a few of them finds these without reading the others.
create index application_emergency on store.application (household_id) where path = 'emergency';         -- T10 T11
create index payment_unbound on store.payment (household_id) where coalesce(benefit_id, '') = '';        -- T10 T11
create index benefit_gradual on store.benefit (benefit_id) where gradual_exit_from is not null;         -- T17

grant select on facts.application_limit, facts.pause, facts.first_aid to aidwatch_worker, rule_reader;
