-- name: one
-- One finding as it is shown. Index: primary key. Budget: 5 ms.
select finding_id, rule, rule_version, subject_kind, subject_key, item, card, ladder_card, stale_since, stage, present, opened_at, card_since,
    cleared_at, first_seen_at, last_seen_at, region_code, unit_code, amount_at_risk_fen, times, episode, period, notice_at, yellow_at, red_at,
    until_at, is_silenced, silenced_until, silenced_by, silence_reason, assignee, due_at, note, outcome, outcome_reason, stage_at, raised_at, acknowledged_at, assigned_at, assigned_by, told_at,
    explained_at, replied_at, verified_at, verified_by, rectified_at, closed_at, evidence
from watch.finding_shown where finding_id = cast(:finding_id as text)

-- name: history
-- What happened to a finding, first to last. Index: finding_event_finding. Budget: 5 ms.
select at, known_at, what, from_card, to_card, from_stage, to_stage, by_whom, note, said
from watch.finding_event
where finding_id = cast(:finding_id as text)
order by id
limit 200

-- name: regions
-- Every region a finding lies in. Index: primary key of finding_region. Budget: 5 ms.
select region_code from watch.finding_region where finding_id = cast(:finding_id as text) limit 50

-- name: households
-- The households a subject belongs to. Indexes: member_person, benefit_*, application_household. Budget: 20 ms.
select distinct household_id from (
    select cast(:key as text) as household_id where cast(:kind as text) = 'household'
    union all select household_id from seen.application
        where cast(:kind as text) = 'application' and application_id = cast(:key as text)
    union all select household_id from seen.benefit
        where cast(:kind as text) = 'benefit' and benefit_id = cast(:key as text)
    union all select household_id from seen.household_member where person_id = any(array(
        select person_id from seen.person where cast(:kind as text) = 'person' and person_key = cast(:key as text)))
) known
where household_id is not null
limit 20

-- name: of_subject
-- The subject, and the people, benefits and applications of its households. Comes first in kin and kin_then. Indexes: as referred.
with subject(kind, key) as (
    select cast(:kind as text), cast(:key as text)
    union select 'household', unnest(cast(:households as text[]))
    union select 'application', application_id from seen.application
        where household_id = any(cast(:households as text[]))
    union select 'benefit', benefit_id from seen.benefit where household_id = any(cast(:households as text[]))
    union select 'person', person_key from seen.person where person_id = any(array(
        select person_id from seen.household_member where household_id = any(cast(:households as text[])))))

-- name: kin
-- Other findings about these; comes after of_subject. Index: finding_subject. Budget: 30 ms.
select f.finding_id, f.rule, f.rule_version, f.subject_kind, f.subject_key, f.item, f.period, f.card, f.ladder_card,
    f.stale_since, f.stage, f.present, f.opened_at, f.card_since, f.cleared_at, f.region_code, f.unit_code,
    f.amount_at_risk_fen, f.times, f.evidence
from subject join watch.finding_shown f on f.subject_kind = subject.kind and f.subject_key = subject.key
where f.finding_id <> cast(:finding_id as text)
order by f.present desc, f.opened_at desc, f.finding_id
limit 51

-- name: kin_then
-- The same as known before :known: card and state by what rules had said until then, the stage by what people had done. What a finding
-- amounted to and rested on is not kept of then. Comes after of_subject. Indexes: finding_subject, finding_event_finding. Budget: 40 ms.
select f.finding_id, f.rule, f.rule_version, f.subject_kind, f.subject_key, f.item, f.period, known.to_card as card, known.to_card as ladder_card,
    cast(null as timestamptz) as stale_since, coalesce(known.to_stage, 'open') as stage, known.what <> 'cleared' as present, known.opened_at,
    known.card_since, case when known.what = 'cleared' then known.card_since end as cleared_at, f.region_code, f.unit_code,
    cast(null as bigint) as amount_at_risk_fen, f.times, jsonb_build_object() as evidence
from subject join watch.finding_shown f on f.subject_kind = subject.kind and f.subject_key = subject.key
cross join lateral (
    select (array_agg(e.what order by e.id desc) filter (where e.what in ('opened', 'card', 'returned', 'cleared')))[1] as what,
        (array_agg(e.to_card order by e.id desc) filter (where e.what in ('opened', 'card', 'returned', 'cleared')))[1] as to_card,
        (array_agg(e.to_stage order by e.id desc) filter (where e.to_stage is not null))[1] as to_stage,
        max(e.at) filter (where e.what in ('opened', 'returned')) as opened_at,
        max(e.at) filter (where e.what in ('opened', 'card', 'returned', 'cleared')) as card_since
    from watch.finding_event e where e.finding_id = f.finding_id and e.known_at < cast(:known as timestamptz)) known
where known.opened_at is not null
order by present desc, known.opened_at desc, f.finding_id
limit 51

-- name: referred
-- The records of a subject: its own and those that point to it. Comes first in timeline and evidence.events. A view of schema seen
-- is closed to joins (security_barrier) and would be read from end to end: it is asked for keys in an array, by index.
-- Indexes: *_household, *_person, *_application, payment_*. Budget: in theirs.
with
kind as (select cast(:kind as text) as kind, cast(:key as text) as key),
household as (select household_id from kind, unnest(cast(:households as text[])) as h(household_id) where kind.kind = 'household'),
person as (select person_id from seen.person where cast(:kind as text) = 'person' and person_key = cast(:key as text)),
benefit as (
    select key as benefit_id from kind where kind = 'benefit'
    union select benefit_id from seen.benefit where household_id = any(array(select household_id from household))
    union select benefit_id from seen.benefit where person_id = any(array(select person_id from person))
    union select benefit_id from seen.benefit where cast(:kind as text) = 'application' and application_id = cast(:key as text)),
application as (
    select key as application_id from kind where kind = 'application'
    union select application_id from seen.application where household_id = any(array(select household_id from household))
    union select application_id from seen.benefit
        where benefit_id = any(array(select benefit_id from benefit)) and application_id is not null),
referred(entity, key) as (
    select kind, key from kind
    union select named.entity, named.key from unnest(cast(:entities as text[]), cast(:keys as text[])) as named(entity, key)
    union select 'household', household_id from household
    union select 'person', person_id from person
    union select 'benefit', benefit_id from benefit
    union select 'application', application_id from application
    union select 'stage', stage_id from seen.stage where application_id = any(array(select application_id from application))
    union select 'income_check', check_id from seen.income_check where application_id = any(array(select application_id from application))
    union select 'household_member', member_id from seen.household_member
        where household_id = any(array(select household_id from household)) or person_id = any(array(select person_id from person))
    union select 'register', record_id from seen.register where person_id = any(array(select person_id from person))
    union select 'register', record_id from seen.register where cast(:kind as text) = 'person' and id_number_key = cast(:key as text)
    union select 'payment', payment_id from seen.payment where benefit_id = any(array(select benefit_id from benefit))
    union select 'payment', payment_id from seen.payment where payee_person_id = any(array(select person_id from person))
    union (select 'payment', payment_id from seen.payment
        where cast(:kind as text) = 'account' and account_key = cast(:key as text) limit 2000)
    union (select 'payment', payment_id from seen.payment
        where cast(:kind as text) = 'payment_batch' and batch_id = cast(:key as text) limit 2000)
    union select 'account', account_id from seen.account where cast(:kind as text) = 'account' and account_key = cast(:key as text)
    union (select 'service_order', order_id from seen.service_order
        where cast(:kind as text) = 'project' and project_id = cast(:key as text) limit 2000)
    union (select 'survey_response', response_id from seen.survey_response
        where cast(:kind as text) = 'project' and project_id = cast(:key as text) limit 2000)
    union select 'project', project_id from seen.project where cast(:kind as text) = 'provider' and provider_id = cast(:key as text)),
bounded as (select entity, key from referred limit 2000)

-- name: timeline
-- The events of a subject, newest first; comes after referred. Index: event_key for the events. Budget: 80 ms.
select e.entity, e.key, e.op, e.occurred_at, e.known_at, e.source, e.body
from bounded cross join lateral (
    select entity, key, op, occurred_at, known_at, source, body, arrival from seen.event
    where entity = bounded.entity and key = bounded.key and (cast(:known as timestamptz) is null or known_at < cast(:known as timestamptz))
    order by occurred_at desc, arrival desc limit :most) e
order by e.occurred_at desc, e.arrival desc
limit :most

-- name: standing
-- The last event of each record of a subject before :known; comes after referred. Index: event_key. Budget: 80 ms.
select e.entity, e.key, e.op, e.occurred_at, e.known_at, e.source, e.body
from bounded cross join lateral (
    select entity, key, op, occurred_at, known_at, source, body from seen.event
    where entity = bounded.entity and key = bounded.key and known_at < cast(:known as timestamptz)
    order by occurred_at desc, arrival desc limit 1) e
limit 2000
