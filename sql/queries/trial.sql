-- name: counties
-- The county each region lies in; as many rows as there are regions. Budget: 200 ms at 60,000 regions.
select path.region_code, path.ancestor_code from facts.region_path path
join facts.region county on county.region_code = path.ancestor_code and county.level = 'county' limit 1000000

-- name: within
-- A region and everything below it. Budget: 50 ms.
select region_code from facts.region_path where ancestor_code = %(region)s limit 1000000

-- name: names
select region_code, name from facts.region where region_code = any(%(codes)s::text[]) limit 5000

-- name: last_asked
select min(evaluated_at) from watch.rule_state where file = %(file)s

-- name: judged
-- The last verdict on each finding of these codes, unless it was opened again. Served by finding_event_verdict, finding_identity.
-- Budget: 2 s at 100,000 verdicts.
select f.rule, f.subject_kind, f.subject_key, f.item, said.outcome
from (select distinct on (e.finding_id) e.finding_id, e.what, coalesce(e.said ->> 'outcome', 'not_true') as outcome
      from watch.finding_event e where e.what in ('verify', 'dismiss', 'reopen') order by e.finding_id, e.id desc) said
join watch.finding f on f.finding_id = said.finding_id
where said.what <> 'reopen' and f.rule = any(%(codes)s::text[]) and f.subject_kind = %(kind)s

-- name: take
-- The trial that waits longest, for one worker alone. Served by rule_trial_queued.
update watch.rule_trial set state = 'running', begun_at = now()
where id = (select id from watch.rule_trial where state = 'queued' order by id limit 1 for update skip locked)
returning id, file, given

-- name: finish
update watch.rule_trial set state = 'done', ended_at = now(), result = %(result)s::jsonb where id = %(id)s

-- name: fail
update watch.rule_trial set state = 'failed', ended_at = now(), fault = %(fault)s where id = %(id)s

-- name: prune
-- All but the last trials of each rule. Served by rule_trial_file.
delete from watch.rule_trial where id in (
    select id from (select id, row_number() over (partition by file order by id desc) as n from watch.rule_trial) t where n > %(kept)s)
