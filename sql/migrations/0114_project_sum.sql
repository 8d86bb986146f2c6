-- 0114 project sums: what was delivered, paid and answered is added up by the clock, not for each project at each look
-- Phase: with the code.
create table watch.project_sum (
    project_id text primary key, delivered bigint not null, confirmed bigint not null, payments bigint not null, paid_fen bigint not null,
    answers bigint not null, satisfied bigint not null);
grant select, insert, update, delete on watch.project_sum to aidwatch_worker;

create or replace view seen.project_tally with (security_barrier) as      -- a project not added up yet is counted here; unread columns cost nothing
select t.*,
    coalesce(kept.delivered, (select count(*) from facts.service_order o where o.project_id = t.project_id and o.status = 'done')) as delivered,
    coalesce(kept.confirmed, (select count(*) from facts.service_order o
        where o.project_id = t.project_id and o.status = 'done' and o.signature_hash is not null)) as confirmed,
    coalesce(kept.payments, (select count(*) from facts.project_payment p where p.project_id = t.project_id)) as payments,
    coalesce(kept.paid_fen, (select coalesce(sum(p.amount_fen), 0)::bigint from facts.project_payment p where p.project_id = t.project_id)) as paid_fen,
    coalesce(kept.answers, (select count(*) from facts.survey_response r where r.project_id = t.project_id
        and r.phase in ('midterm', 'final', 'instant') and r.score >= 1)) as answers,         -- the valid ones: J04, contract §6
    coalesce(kept.satisfied, (select count(*) from facts.survey_response r where r.project_id = t.project_id
        and r.phase in ('midterm', 'final', 'instant') and r.score >= 4)) as satisfied
from facts.project t left join watch.project_sum kept on kept.project_id = t.project_id
where (select access.everywhere()) or t.region_code in (select region_code from access.here);
