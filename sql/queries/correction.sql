-- name: standing
-- Findings as people left them and the machine sees them, for the steps people may take. Index: primary key. Budget: 20 ms for 200.
select f.finding_id, f.rule, f.rule_version, f.subject_kind, f.subject_key, f.stage, f.ladder_card as card, f.present, f.stale_since is not null as is_stale,
    f.acknowledged_at is not null as acknowledged, f.told_at is not null as told, f.explained_at is not null as explained,
    (select count(*) from facts.working_day d where d.calendar = coalesce((select place.calendar from facts.region_calendar place
            where place.region_code = f.region_code), 'CN') and d.working
        and d.day > (f.told_at at time zone 'Asia/Shanghai')::date and d.day <= (watch.now_at() at time zone 'Asia/Shanghai')::date) as heard_days,
    f.assigned_by, f.verified_by, f.outcome, f.rectified_at is not null as rectified, f.is_silenced as silenced, f.due_at,
    f.region_code, coalesce(f.assignee, f.unit_code) as unit_code, f.evidence
from watch.finding_shown f
where f.finding_id = any(cast(:finding_ids as text[]))
order by f.finding_id
limit 200

-- name: units
-- Who may be asked to answer: units of the places and of those above them, nearest first. Index: primary key of region_path.
select unit.unit_code, unit.name, min(place.depth) as depth
from facts.region_path place join facts.unit unit on unit.region_code = place.ancestor_code
where place.region_code = any(cast(:regions as text[]))
group by 1, 2
order by 3, 1
limit 200

-- name: days
-- Today, and the day so many working days of the place from it; null where the calendar does not reach. Index: working_day_n.
select now.today, (
    select d.day from facts.working_day today
    join facts.working_day d on d.calendar = today.calendar and d.working and d.n = today.n + cast(:days as int)
    where today.calendar = coalesce((select place.calendar from facts.region_calendar place
            where place.region_code = cast(:region_code as text)), 'CN') and today.day = now.today) as due_on
from (select (watch.now_at() at time zone 'Asia/Shanghai')::date as today) now

-- name: mark
-- The bell is for the evaluator, which marks its own changes without it.
select watch.mark_corrections(cast(:finding_ids as text[]), cast(:units as text[])), pg_notify('marks', '')

-- name: acknowledge
update watch.finding set acknowledged_at = watch.now_at(), stage_at = watch.now_at()
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and acknowledged_at is null

-- name: hand_over
update watch.finding set stage = 'assigned', stage_at = watch.now_at(), acknowledged_at = coalesce(acknowledged_at, watch.now_at()),
    assignee = :unit, assigned_by = :who, assigned_at = watch.now_at(), due_at = :due_at, note = :note,
    kept_due = case when stage = 'assigned' and due_at < watch.now_at() then false else kept_due end
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: dismiss
update watch.finding set stage = 'dismissed', stage_at = watch.now_at(), acknowledged_at = coalesce(acknowledged_at, watch.now_at()),
    outcome = 'not_true', outcome_reason = :reason, verified_by = :who, decided_at = watch.now_at(), note = :note, due_at = null
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: tell
update watch.finding set told_at = watch.now_at(), stage_at = watch.now_at(), acknowledged_at = coalesce(acknowledged_at, watch.now_at())
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and told_at is null

-- name: explain
update watch.finding set explained_at = watch.now_at(), stage_at = watch.now_at(), note = :note
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and explained_at is null

-- name: reply
update watch.finding set stage = 'replied', stage_at = watch.now_at(), acknowledged_at = coalesce(acknowledged_at, watch.now_at()),
    replied_at = watch.now_at(), note = :note,
    kept_due = case when due_at is null then kept_due else coalesce(kept_due, true) and watch.now_at() <= due_at end
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: send_back
update watch.finding set stage = 'assigned', stage_at = watch.now_at(), replied_at = null, assigned_by = :who, due_at = :due_at, note = :note
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: verify
update watch.finding set stage = 'verified', stage_at = watch.now_at(), acknowledged_at = coalesce(acknowledged_at, watch.now_at()),
    verified_at = watch.now_at(), decided_at = watch.now_at(), verified_by = :who, outcome = :outcome, outcome_reason = :reason,
    due_at = case when :outcome = 'true' then cast(:due_at as timestamptz) end, note = :note
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: rectify
update watch.finding set rectified_at = watch.now_at(), stage_at = watch.now_at(), note = :note,
    kept_due = case when due_at is null then kept_due else coalesce(kept_due, true) and watch.now_at() <= due_at end
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and rectified_at is null

-- name: rectify_again
update watch.finding set rectified_at = null, stage_at = watch.now_at(), due_at = :due_at, note = :note
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and rectified_at is not null

-- name: close
update watch.finding set stage = 'closed', stage_at = watch.now_at(), closed_at = watch.now_at(), due_at = null, note = :note
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: remind
update watch.finding set stage_at = watch.now_at() where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: annotate
update watch.finding set note = :note, stage_at = watch.now_at() where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: silence
update watch.finding set silenced_until = :due_at, silenced_by = :who, silence_reason = :reason, note = :note, stage_at = watch.now_at(),
    acknowledged_at = coalesce(acknowledged_at, watch.now_at())
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and ladder_card is distinct from 'red'

-- name: end_silence
update watch.finding set silenced_until = null, silenced_by = null, silence_reason = null, note = :note, stage_at = watch.now_at()
where finding_id = :finding_id and stage = any(cast(:stages as text[])) and silenced_until is not null

-- name: reopen
update watch.finding set stage = 'open', stage_at = watch.now_at(), assignee = null, due_at = null, note = :note, outcome = null,
    outcome_reason = null, acknowledged_at = watch.now_at(), assigned_at = null, assigned_by = null, told_at = null, explained_at = null,
    replied_at = null, verified_at = null, verified_by = null, rectified_at = null, closed_at = null, decided_at = null, kept_due = null
where finding_id = :finding_id and stage = any(cast(:stages as text[]))

-- name: log
insert into watch.finding_event (finding_id, at, what, from_stage, to_stage, by_whom, note, said)
values (:finding_id, watch.now_at(), :what, :from_stage, :to_stage, :who, :note, cast(:said as jsonb))

-- name: announce
insert into watch.outbox (payload)
select json_build_object('finding_id', f.finding_id, 'rule', f.rule, 'what', cast(:what as text), 'card', f.ladder_card, 'title_zh', r.title_zh,
    'title_en', r.title_en, 'region_code', f.region_code, 'unit_code', f.unit_code, 'present', f.present, 'at', watch.now_at())
from watch.finding f left join (select distinct on (code) code, title_zh, title_en from watch.rule_state order by code, file) r on r.code = f.rule
where f.finding_id = :finding_id
