-- name: arrived
-- How many events of what it is made from have ever come: as long as it is the same, nothing can have changed. Budget: 1 ms.
select coalesce(sum(events), 0)::bigint from store.source_state where entity in ('project', 'service_order', 'project_payment', 'survey_response')

-- name: make_project_sum
-- Each project with what was delivered, paid and answered; the valid answers (J04, contract §6).
-- Indexes: none, everything is read. Budget: 3 s for 3,000,000 services.
create temp table project_sum_now on commit drop as
select p.project_id, coalesce(o.delivered, 0) as delivered, coalesce(o.confirmed, 0) as confirmed, coalesce(z.payments, 0) as payments,
    coalesce(z.paid_fen, 0) as paid_fen, coalesce(r.answers, 0) as answers, coalesce(r.satisfied, 0) as satisfied
from facts.project p
left join (
    select project_id, count(*) as delivered, count(*) filter (where signature_hash is not null) as confirmed
    from facts.service_order where status = 'done' group by project_id) o on o.project_id = p.project_id
left join (
    select project_id, count(*) as payments, coalesce(sum(amount_fen), 0)::bigint as paid_fen
    from facts.project_payment group by project_id) z on z.project_id = p.project_id
left join (
    select project_id, count(*) as answers, count(*) filter (where score >= 4) as satisfied
    from facts.survey_response where phase in ('midterm', 'final', 'instant') and score >= 1 group by project_id) r on r.project_id = p.project_id

-- name: forget_project_sum
delete from watch.project_sum held where not exists (select from project_sum_now made where made.project_id = held.project_id)

-- name: keep_project_sum
-- Only what differs is written.
insert into watch.project_sum as held select project_id, delivered, confirmed, payments, paid_fen, answers, satisfied from project_sum_now
on conflict (project_id) do update set delivered = excluded.delivered, confirmed = excluded.confirmed, payments = excluded.payments,
    paid_fen = excluded.paid_fen, answers = excluded.answers, satisfied = excluded.satisfied
where (held.delivered, held.confirmed, held.payments, held.paid_fen, held.answers, held.satisfied)
    is distinct from (excluded.delivered, excluded.confirmed, excluded.payments, excluded.paid_fen, excluded.answers, excluded.satisfied)
