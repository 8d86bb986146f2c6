-- name: one
-- One finding as it is shown. Index: primary key. Budget: 5 ms.
select finding_id, rule, rule_version, subject_kind, subject_key, item, card, ladder_card, stale_since, stage, present, opened_at, card_since,
    cleared_at, first_seen_at, last_seen_at, region_code, unit_code, amount_at_risk_fen, times, episode, period, notice_at, yellow_at, red_at,
    until_at, assignee, due_at, note, outcome, outcome_reason, stage_at, raised_at, acknowledged_at, assigned_at, assigned_by, told_at,
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
    union all select member.household_id from seen.person
        join seen.household_member member on member.person_id = person.person_id
        where cast(:kind as text) = 'person' and person.person_key = cast(:key as text)
) known
where household_id is not null
limit 20

-- name: kin
-- Other findings about the subject, and about the people, benefits and applications of its households.
-- Index: finding_subject. Budget: 30 ms.
with subject(kind, key) as (
    select cast(:kind as text), cast(:key as text)
    union select 'household', unnest(cast(:households as text[]))
    union select 'application', application_id from seen.application
        where household_id = any(cast(:households as text[]))
    union select 'benefit', benefit_id from seen.benefit where household_id = any(cast(:households as text[]))
    union select 'person', person.person_key from seen.household_member member
        join seen.person on person.person_id = member.person_id
        where member.household_id = any(cast(:households as text[])))
select f.finding_id, f.rule, f.rule_version, f.subject_kind, f.subject_key, f.item, f.period, f.card, f.ladder_card,
    f.stale_since, f.stage, f.present, f.opened_at, f.card_since, f.cleared_at, f.region_code, f.unit_code,
    f.amount_at_risk_fen, f.times, f.evidence
from subject join watch.finding_shown f on f.subject_kind = subject.kind and f.subject_key = subject.key
where f.finding_id <> cast(:finding_id as text)
order by f.present desc, f.opened_at desc, f.finding_id
limit 51

-- name: referred
-- The records of a subject: its own and those that point to it. Comes first in timeline and evidence.events.
-- Indexes: *_household, *_person, *_application, payment_*. Budget: in theirs.
with
kind as (select cast(:kind as text) as kind, cast(:key as text) as key),
household as (
    select household_id from kind, unnest(cast(:households as text[])) as h(household_id)
    where kind.kind in ('household')),
person as (
    select person.person_id from kind join seen.person on person.person_key = kind.key where kind.kind = 'person'),
benefit as (
    select key as benefit_id from kind where kind = 'benefit'
    union select b.benefit_id from seen.benefit b join household on household.household_id = b.household_id
    union select b.benefit_id from seen.benefit b join person on person.person_id = b.person_id
    union select b.benefit_id from kind join seen.benefit b on b.application_id = kind.key where kind.kind = 'application'),
application as (
    select key as application_id from kind where kind = 'application'
    union select a.application_id from seen.application a join household on household.household_id = a.household_id
    union select b.application_id from seen.benefit b join benefit on benefit.benefit_id = b.benefit_id
        where b.application_id is not null),
referred(entity, key) as (
    select 'application', application_id from application
    union select 'stage', s.stage_id from seen.stage s join application on application.application_id = s.application_id
    union select 'income_check', c.check_id from seen.income_check c
        join application on application.application_id = c.application_id
    union select 'benefit', benefit_id from benefit
    union select 'payment', p.payment_id from seen.payment p join benefit on benefit.benefit_id = p.benefit_id
    union select 'payment', p.payment_id from seen.payment p join person on person.person_id = p.payee_person_id
    union select 'payment', p.payment_id from kind join seen.payment p on p.account_key = kind.key where kind.kind = 'account'
    union select 'account', a.account_id from kind join seen.account a on a.account_key = kind.key where kind.kind = 'account'
    union select 'household', household_id from household
    union select 'household_member', m.member_id from seen.household_member m
        join household on household.household_id = m.household_id
    union select 'household_member', m.member_id from seen.household_member m
        join person on person.person_id = m.person_id
    union select 'person', person_id from person
    union select 'register', r.record_id from kind join seen.register r on r.id_number_key = kind.key
        where kind.kind = 'person'
    union select 'register', r.record_id from seen.register r join person on person.person_id = r.person_id
    union select 'payment', p.payment_id from kind join seen.payment p on p.batch_id = kind.key
        where kind.kind = 'payment_batch'
    union select 'service_order', o.order_id from kind join seen.service_order o on o.project_id = kind.key
        where kind.kind = 'project'
    union select 'survey_response', v.response_id from kind join seen.survey_response v on v.project_id = kind.key
        where kind.kind = 'project'
    union select 'project', p.project_id from kind join seen.project p on p.provider_id = kind.key
        where kind.kind = 'provider'
    union select kind, key from kind
    union select named.entity, named.key
        from unnest(cast(:entities as text[]), cast(:keys as text[])) as named(entity, key)),
bounded as (select entity, key from referred limit 2000)

-- name: timeline
-- The events of a subject, newest first; comes after referred. Index: event_key for the events. Budget: 80 ms.
select e.entity, e.key, e.op, e.occurred_at, e.known_at, e.source, e.body
from bounded join seen.event e on e.entity = bounded.entity and e.key = bounded.key
order by e.occurred_at desc, e.arrival desc
limit 201
