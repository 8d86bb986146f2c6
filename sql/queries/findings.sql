-- name: known
-- What stands for the keys of a slice. Served by finding_identity. Budget: 10 ms per 5,000 keys.
select rule, subject_kind, subject_key, item, period, notice_at, yellow_at, red_at, until_at, amount_at_risk_fen,
    region_code, unit_code, evidence, rule_version, ladder_card, present, stage
from watch.finding
where rule = any(%(codes)s) and subject_kind = %(kind)s

-- name: open_new
insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, item, period, notice_at, yellow_at, red_at,
    until_at, ladder_card, present, amount_at_risk_fen, region_code, unit_code, evidence, opened_at, card_since, first_seen_at, last_seen_at,
    raised_at, noticed_at)
values (%(finding_id)s, %(rule)s, %(rule_version)s, %(subject_kind)s, %(subject_key)s, %(item)s, %(period)s, %(notice_at)s, %(yellow_at)s,
    %(red_at)s, %(until_at)s, %(card)s, true, %(amount_at_risk_fen)s, %(region_code)s, %(unit_code)s, %(evidence)s, %(opened_at)s,
    %(card_since)s, %(now)s, %(now)s, %(now)s, %(now)s)

-- name: renew
-- The machine's columns only: people's are theirs, and begin anew only where an ended finding does.
update watch.finding set rule_version = %(rule_version)s, period = %(period)s, notice_at = %(notice_at)s, yellow_at = %(yellow_at)s,
    red_at = %(red_at)s, until_at = %(until_at)s, ladder_card = %(card)s, present = true, amount_at_risk_fen = %(amount_at_risk_fen)s,
    region_code = %(region_code)s, unit_code = %(unit_code)s, evidence = %(evidence)s, opened_at = %(opened_at)s,
    card_since = %(card_since)s, last_seen_at = %(now)s, cleared_at = null, times = times + 1,
    raised_at = case when %(what)s = 'returned' then %(now)s else raised_at end,
    noticed_at = case when %(what)s = 'refreshed' then noticed_at else %(now)s end
where finding_id = %(finding_id)s

-- name: begin_again
-- A new episode of an ended finding: what people did in the one before stands in its history.
update watch.finding set stage = 'open', stage_at = %(now)s, episode = episode + 1, assignee = null, due_at = null, note = null,
    outcome = null, outcome_reason = null, acknowledged_at = null, assigned_at = null, assigned_by = null, told_at = null,
    explained_at = null, replied_at = null, verified_at = null, verified_by = null, rectified_at = null, closed_at = null,
    decided_at = null, kept_due = null, silenced_until = null, silenced_by = null, silence_reason = null
where finding_id = %(finding_id)s

-- name: clear
update watch.finding set present = false, ladder_card = null, cleared_at = %(now)s, last_seen_at = %(now)s
where finding_id = %(finding_id)s

-- name: log
insert into watch.finding_event (finding_id, at, what, from_card, to_card, from_stage, to_stage)
values (%(finding_id)s, %(now)s, %(what)s, %(from_card)s, %(card)s, %(from_stage)s, %(to_stage)s)

-- name: announce
insert into watch.outbox (payload) values (%(payload)s)

-- name: mark_corrections
select watch.mark_corrections(%(finding_ids)s::text[], %(units)s::text[])
