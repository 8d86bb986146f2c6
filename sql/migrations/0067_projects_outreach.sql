-- 0067 projects and outreach: what people read of bought services, visits and clues, each within its scope
-- Phase: with the code.
-- Views that hold the join to the place themselves: asked for a whole county they are planned as one question, where a check of
-- each row would be made a hundred thousand times.
create view seen.project_tally with (security_barrier) as      -- a project with what was delivered, paid and answered; unread columns cost nothing
select t.*,
    (select count(*) from facts.service_order o where o.project_id = t.project_id and o.status = 'done') as delivered,
    (select count(*) from facts.service_order o where o.project_id = t.project_id and o.status = 'done' and o.signature_hash is not null) as confirmed,
    (select count(*) from facts.project_payment p where p.project_id = t.project_id) as payments,
    (select coalesce(sum(p.amount_fen), 0)::bigint from facts.project_payment p where p.project_id = t.project_id) as paid_fen,
    (select count(*) from facts.survey_response r where r.project_id = t.project_id
        and r.phase in ('midterm', 'final', 'instant') and r.score >= 1) as answers,          -- the valid ones: J04, contract §6
    (select count(*) from facts.survey_response r where r.project_id = t.project_id
        and r.phase in ('midterm', 'final', 'instant') and r.score >= 4) as satisfied
from facts.project t
where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.project_payment with (security_barrier) as
select t.*, p.region_code from facts.project_payment t join facts.project p on p.project_id = t.project_id
where (select access.everywhere()) or p.region_code in (select region_code from access.here);
create view seen.delivery with (security_barrier) as           -- a service done, without the person it was done for
select t.order_id, t.project_id, t.worker_id, t.started_at, t.ended_at, t.recorded_at, t.signature_hash is not null as signed, p.region_code
from facts.service_order t join facts.project p on p.project_id = t.project_id
where t.status = 'done' and ((select access.everywhere()) or p.region_code in (select region_code from access.here));
create view seen.answer with (security_barrier) as             -- a valid answer, without the person who gave it
select t.response_id, t.project_id, t.phase, t.channel, t.answered_at, t.duration_s, t.score, p.region_code
from facts.survey_response t join facts.project p on p.project_id = t.project_id
where t.phase in ('midterm', 'final', 'instant') and t.score >= 1
    and ((select access.everywhere()) or p.region_code in (select region_code from access.here));
create view seen.provider_bar with (security_barrier) as       -- a bar holds in its place and below: who looks from below must know of it
select t.* from facts.provider_bar t
where (select access.everywhere()) or t.region_code in (
    select path.ancestor_code from facts.region_path path join access.here on here.region_code = path.region_code);

create view seen.visit with (security_barrier) as
select t.*, h.region_code from facts.visit t left join facts.household h on h.household_id = t.household_id
where (select access.everywhere()) or h.region_code in (select region_code from access.here);
create view seen.visited with (security_barrier) as            -- each household with its last visit
select h.household_id, h.region_code, last.visit_id, last.kind, last.risk, last.visited_at
from facts.household h
cross join lateral (
    select v.visit_id, v.kind, v.risk, v.visited_at from facts.visit v
    where v.household_id = h.household_id and v.visited_at is not null order by v.visited_at desc limit 1) last
where (select access.everywhere()) or h.region_code in (select region_code from access.here);
create view seen.clue with (security_barrier) as               -- followed: answered, visited or applied, whichever came first after the push
select t.*, least(t.responded_at,
    (select min(v.visited_at) from facts.visit v where v.household_id = t.household_id and v.visited_at >= t.pushed_at),
    (select min(a.submitted_at) from facts.application a where a.household_id = t.household_id and a.submitted_at >= t.pushed_at)) as followed_at
from facts.clue t
where (select access.everywhere()) or t.region_code in (select region_code from access.here);
-- Who was refused or whose benefit ended, and when somebody last came to see how they fare. Whom death or a move took away is not
-- visited; who has the same benefit again is seen at its reviews.
create view seen.without_aid with (security_barrier) as
select gone.*, (select max(v.visited_at) from facts.visit v where v.household_id = gone.household_id and v.kind = 'quarterly_check') as checked_at
from (
    select 'refused'::text as how, a.application_id as key, a.household_id, a.region_code, a.programme,
        (s.at at time zone 'Asia/Shanghai')::date as gone_on
    from facts.stage s join facts.application a on a.application_id = s.application_id
    where s.stage_code in ('DECIDE', 'REJECT_ACCEPT') and (s.stage_code = 'REJECT_ACCEPT' or s.result = 'refuse') and s.at is not null
    union all
    select 'exited', b.benefit_id, b.household_id, b.region_code, b.programme,
        (make_date(left(b.end_period, 4)::int, right(b.end_period, 2)::int, 1) + interval '1 month' - interval '1 day')::date
    from facts.benefit b
    where b.end_period is not null and coalesce(b.stop_reason, '') not in ('death', 'moved')) gone
where gone.household_id is not null
    and ((select access.everywhere()) or gone.region_code in (select region_code from access.here))
    and not exists (select from facts.benefit again where again.household_id = gone.household_id and again.programme = gone.programme
        and coalesce(again.end_period, '9999-12') > to_char(gone.gone_on, 'YYYY-MM'));

create index visit_household on store.visit (household_id, visited_at desc) include (kind, risk);
create index service_order_done on store.service_order (project_id) where status = 'done';
create index service_order_signed on store.service_order (project_id) where status = 'done' and signature_hash is not null;
create index project_payment_project on store.project_payment (project_id) include (amount_fen, paid_at);
drop index store.survey_project;
create index survey_project on store.survey_response (project_id) include (phase, channel, score);           -- J04, projects
create index stage_refused on store.stage (application_id) include (at)
    where stage_code in ('DECIDE', 'REJECT_ACCEPT') and (stage_code = 'REJECT_ACCEPT' or result = 'refuse') and at is not null;
create index benefit_exit on store.benefit (region_code) include (household_id, programme, end_period, stop_reason) where to_at is null and end_period is not null;

grant select on seen.project_tally, seen.project_payment, seen.delivery, seen.answer, seen.provider_bar, seen.visit, seen.visited, seen.clue,
    seen.without_aid to aidwatch_console;
