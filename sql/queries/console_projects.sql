-- name: chosen
-- The projects of a question, each with the state of its four steps and the names of the lists it stands in (tags). Numbers and rows
-- both read it, so a number is its list. Comes first in the others. A state is unknown where a date was never told, and a count where
-- no source tells of such records at all: neither is zero. Steps and limits: seed Zhenhai, domain J01–J03 (:midterm_share of the term,
-- :after_days after its end, :samples at least); J04, J05 for satisfaction, J07 for payment ahead of delivery.
-- Indexes: project primary key, service_order_done, service_order_signed, project_payment_project, survey_project. Budget: 300 ms for 2,000 projects.
told as (
    select bool_or(entity = 'service_order') as orders, bool_or(entity = 'project_payment') as payments,
        bool_or(entity = 'survey_response') as answers
    from facts.source_state),
counted as materialized (
    select p.project_id, p.name, p.service_code, p.provider_id, p.unit_code, p.region_code, p.price_fen, p.planned_units, p.contract_from, p.contract_to,
        p.needs_survey_on, p.needs_survey_on_known, p.needs_survey_samples, p.midterm_evaluated_on, p.midterm_evaluated_on_known,
        p.final_evaluated_on, p.final_evaluated_on_known, p.feedback_samples, p.feedback_samples_known,
        case when told.orders then p.delivered end as delivered, case when told.orders then p.confirmed end as confirmed,
        case when told.payments then p.payments end as payments, case when told.payments then p.paid_fen end as paid_fen,
        case when told.answers then p.answers end as answers, case when told.answers then p.satisfied end as satisfied
    from seen.project_tally p cross join told
    where (cast(:region as text) is null or p.region_code = any(array(
            select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))
        and (cast(:project as text) is null or p.project_id = cast(:project as text))
        and (cast(:provider as text) is null or p.provider_id = cast(:provider as text))
        and (cast(:from_day as date) is null or coalesce(p.contract_to, p.contract_from) >= cast(:from_day as date))
        and (cast(:to_day as date) is null or coalesce(p.contract_from, p.contract_to) < cast(:to_day as date))),
suspected as (
    select f.subject_key as project_id, count(*) as findings from watch.finding f
    where f.present and f.subject_kind = 'project' and f.rule = any(cast(:rules as text[]))
        and f.subject_key = any(array(select project_id from counted))
    group by f.subject_key),
dated as (
    select counted.*, coalesce(suspected.findings, 0) as findings,
        case when contract_to - contract_from >= 180 then contract_from + cast(ceil(:midterm_share * (contract_to - contract_from + 1)) as int) end as midterm_until,
        contract_to + cast(:after_days as int) as final_until,
        case when answers > 0 then cast(satisfied as numeric) / answers end as satisfied_share,
        case when planned_units > 0 then cast(delivered as numeric) / planned_units end as delivered_share,
        case when price_fen > 0 then cast(paid_fen as numeric) / price_fen end as paid_share
    from counted left join suspected using (project_id)),
stepped as (
    select dated.*,
        case when needs_survey_on <= contract_from and coalesce(needs_survey_samples, :samples) >= :samples then 'done'
            when contract_from is null or (needs_survey_on is null and not needs_survey_on_known) then 'unknown'
            when needs_survey_on is null and contract_from >= cast(:today as date) then 'due' else 'late' end as needs,
        case when midterm_evaluated_on is not null then 'done'
            when contract_from is null or contract_to is null or not midterm_evaluated_on_known then 'unknown'
            when midterm_until is null then 'spared'
            when midterm_until < cast(:today as date) then 'late'
            when midterm_until <= cast(:today as date) + 30 then 'due' else 'ahead' end as midterm,
        case when final_evaluated_on is not null then 'done'
            when contract_to is null or not final_evaluated_on_known then 'unknown'
            when final_until < cast(:today as date) then 'late'
            when contract_to <= cast(:today as date) + 30 then 'due' else 'ahead' end as final,
        case when feedback_samples >= :samples then 'done'
            when contract_to is null or (feedback_samples is null and not feedback_samples_known) then 'unknown'
            when final_until < cast(:today as date) then 'late'
            when contract_to <= cast(:today as date) + 30 then 'due' else 'ahead' end as feedback
    from dated),
chosen as materialized (
    select stepped.*, array_remove(array['all', 'needs-' || needs, 'midterm-' || midterm, 'final-' || final, 'feedback-' || feedback,
        case when 'late' in (needs, midterm, final, feedback) then 'step-late' end,
        case when contract_from <= cast(:today as date) and coalesce(contract_to >= cast(:today as date), true) then 'running' end,
        case when answers is null then 'satisfaction-unknown' when answers < :enough then 'too-few' when satisfied_share < :bar then 'below-half'
            when satisfied_share < :target then 'below-target' else 'content' end,
        case when delivered_share is null or paid_share is null then 'delivery-unknown'
            when paid_share - delivered_share > :gap then 'paid-ahead' else 'in-step' end,
        case when findings > 0 then 'suspicious' end], null) as tags
    from stepped)

-- name: tags
-- How many projects stand in each list. Index and budget: as chosen.
select tag, count(*) as n from chosen cross join unnest(tags) tag group by tag

-- name: rows
-- The projects of one list, those behind first. Index and budget: as chosen.
select chosen.project_id, chosen.name, chosen.service_code, chosen.provider_id, provider.name as provider, chosen.region_code, contract_from, contract_to,
    needs, midterm, final, feedback, midterm_until, final_until, answers, satisfied, satisfied_share, delivered, confirmed, planned_units, delivered_share,
    payments, paid_fen, price_fen, paid_share, findings
from chosen left join facts.provider on provider.provider_id = chosen.provider_id
where cast(:list as text) = any(tags)
order by (case when 'step-late' = any(tags) then 1 else 0 end) desc, findings desc, contract_to desc nulls last, chosen.project_id
limit :most

-- name: sums
-- What the projects of the question add up to; null where no source tells. Index and budget: as chosen.
select count(*) as projects, sum(delivered)::bigint as delivered, sum(confirmed)::bigint as confirmed, sum(planned_units)::bigint as planned,
    sum(payments)::bigint as payments, sum(paid_fen)::bigint as paid_fen, sum(price_fen)::bigint as price_fen, sum(answers)::bigint as answers
from chosen

-- name: satisfied
-- Projects with answers, the least content first. Index and budget: as chosen.
select project_id, name, region_code, answers, satisfied from chosen where answers > 0
order by (answers < :enough), satisfied_share, answers desc, project_id
limit :most

-- name: unbalanced
-- Projects of which both payment and delivery are known, the furthest apart first. Index and budget: as chosen.
select project_id, name, region_code, delivered, confirmed, planned_units, delivered_share, payments, paid_fen, price_fen, paid_share
from chosen where delivered_share is not null and paid_share is not null
order by abs(paid_share - delivered_share) desc, project_id
limit :most

-- name: channels
-- Valid answers by the way they came. Index: survey_project. Budget: 100 ms for 100,000 answers.
select coalesce(channel, 'unknown') as channel, count(*) as answers, count(*) filter (where score >= 4) as satisfied
from seen.answer where project_id = any(array(select project_id from chosen))
group by 1 order by 1

-- name: providers
-- Providers of the projects of the question and those at home in its place. Indexes: as chosen; project_provider. Budget: 300 ms.
, mine as (
    select provider_id, count(*) as projects, sum(answers)::bigint as answers, sum(satisfied)::bigint as satisfied,
        count(*) filter (where 'step-late' = any(tags)) as late, count(*) filter (where findings > 0) as suspicious,
        sum(case when delivered_share is not null then delivered end)::bigint as delivered,
        sum(case when delivered_share is not null then planned_units end)::bigint as planned
    from chosen group by provider_id),
known as (
    select p.provider_id, p.name, p.region_code from facts.provider p
    where (cast(:provider as text) is null or p.provider_id = cast(:provider as text))
        and (p.provider_id in (select provider_id from mine) or (cast(:project as text) is null
            and p.region_code = any(array(select region_code from access.here))
            and (cast(:region as text) is null or p.region_code = any(array(
                select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text)))))))
, barred as (
    select provider_id, max(coalesce(to_date, 'infinity')) as until, min(from_date) as since, string_agg(reason, '; ' order by from_date) as reason,
        (array_agg(region_code order by to_date desc nulls first))[1] as bar_region
    from seen.provider_bar
    where from_date <= cast(:today as date) and coalesce(to_date >= cast(:today as date), true)
    group by provider_id),
listed as materialized (
    select known.*, coalesce(projects, 0) as projects, answers, satisfied, coalesce(late, 0) as late, coalesce(suspicious, 0) as suspicious, delivered, planned,
        nullif(barred.until, 'infinity') as barred_until, barred.since as barred_since, barred.reason, barred.bar_region, barred.provider_id is not null as is_barred
    from known left join mine using (provider_id) left join barred using (provider_id))
select listed.*, count(*) over () as n
from listed
where cast(:list as text) <> 'providers-barred' or is_barred
order by is_barred desc, suspicious desc, late desc, projects desc, provider_id
limit :most

-- name: places
-- Projects and their providers by the places below :parent, and those of :parent itself. Index and budget: as chosen.
select shown.region_code, shown.name, shown.region_code = cast(:parent as text) as own, count(chosen.project_id) as projects, count(distinct chosen.provider_id) as providers,
    count(*) filter (where 'step-late' = any(tags)) as late, count(*) filter (where 'below-half' = any(tags)) as below_half
from facts.region shown
left join (chosen join facts.region_path up on up.region_code = chosen.region_code)
    on up.ancestor_code = shown.region_code and (shown.region_code <> cast(:parent as text) or up.depth = 0)
where shown.parent_code = cast(:parent as text) or shown.region_code = cast(:parent as text)
group by shown.region_code, shown.name
order by 4 desc, 1
limit 400

-- name: answers
-- The valid answers of the projects of a question, newest first, without who gave them. Index: survey_project. Budget: 100 ms.
select answer.response_id, answer.project_id, answer.region_code, answer.phase, answer.channel, answer.answered_at, answer.duration_s, answer.score, count(*) over () as n
from seen.answer
where answer.project_id = any(array(select project_id from chosen))
    and (cast(:kind as text) is null or coalesce(answer.channel, 'unknown') = cast(:kind as text))
order by answer.answered_at desc nulls last, answer.response_id
limit :most

-- name: orders
-- The services done of the projects of a question, newest first, without whom they were done for. Index: service_order_project. Budget: 200 ms.
select delivery.order_id, delivery.project_id, delivery.region_code, delivery.worker_id, delivery.started_at, delivery.ended_at, delivery.recorded_at,
    delivery.signed, count(*) over () as n
from seen.delivery
where delivery.project_id = any(array(select project_id from chosen)) and (cast(:kind as text) is null or delivery.signed)
order by delivery.started_at desc nulls last, delivery.order_id
limit :most

-- name: payments
-- What was paid for the projects of a question, newest first. Index: project_payment_project. Budget: 50 ms.
select paid.project_payment_id, paid.project_id, paid.region_code, paid.amount_fen, paid.paid_at, count(*) over () as n
from seen.project_payment paid
where paid.project_id = any(array(select project_id from chosen))
order by paid.paid_at desc nulls last, paid.project_payment_id
limit :most
