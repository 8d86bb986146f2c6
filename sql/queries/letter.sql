-- name: next_number
-- How many letters a year has so far. Index: letter_number_key (few rows). Budget: 5 ms.
select count(*) + 1 from watch.letter where extract(year from issued_at at time zone 'Asia/Shanghai') = cast(:year as int)

-- name: findings
-- The findings a letter may speak of. Index: primary key. Budget: 20 ms for 100.
select finding_id, rule, rule_version, subject_kind, subject_key, item, period, opened_at, evidence, amount_at_risk_fen, region_code,
    coalesce(assignee, unit_code) as unit_code, stage, outcome, due_at
from watch.finding_shown where finding_id = any(cast(:finding_ids as text[]))
order by opened_at, finding_id
limit 100

-- name: issue
insert into watch.letter (letter_id, number, kind, unit_code, region_code, issued_at, issued_by, due_on, body, sha256)
values (:letter_id, :number, :kind, :unit_code, :region_code, watch.now_at(), :who, :due_on, cast(:body as jsonb), :sha256)
on conflict (number) do nothing

-- name: about
insert into watch.letter_finding (letter_id, finding_id) select :letter_id, unnest(cast(:finding_ids as text[]))

-- name: due
-- The letter's own date is the date of the correction.
update watch.finding set due_at = :due_at, stage_at = watch.now_at()
where finding_id = any(cast(:finding_ids as text[])) and stage = 'verified'

-- name: one
select letter_id, number, kind, unit_code, region_code, issued_at, issued_by, due_on, body, sha256 from watch.letter
where letter_id = cast(:letter_id as text)

-- name: of_finding
-- The letters that speak of a finding, newest first. Index: letter_finding_finding. Budget: 5 ms.
select l.letter_id, l.number, l.kind, l.issued_at, l.issued_by, l.due_on
from watch.letter_finding f join watch.letter l on l.letter_id = f.letter_id
where f.finding_id = cast(:finding_id as text)
order by l.issued_at desc
limit 50
