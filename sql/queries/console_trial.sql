-- name: of
-- The last trials of a rule, newest first; one that is not done after an hour was lost with its job. Index: rule_trial_file. Budget: 10 ms.
select id, rule_version, who, asked_at, given, begun_at, ended_at, fault, result,
    case when state in ('queued', 'running') and asked_at < now() - interval '1 hour' then 'lost' else state end as state
from watch.rule_trial where file = :file order by id desc limit 20

-- name: ask
-- One at a time for each rule. Index: rule_trial_file.
insert into watch.rule_trial (file, rule_version, who, given)
select :file, :version, :who, cast(:given as jsonb)
where not exists (select from watch.rule_trial
    where file = :file and state in ('queued', 'running') and asked_at > now() - interval '1 hour')
