-- Limits of rules that people propose, and the events of those another has accepted.

-- name: of
-- The proposals for a rule, those that wait first, then the newest. Index: limit_change_rule. Budget: 5 ms.
select c.id, c.rule, c.name, c.region_code, c.programme, c.value, c.valid_from, c.who, c.at, c.why, c.accepted, c.decided_by, c.decided_at, r.name as place
from access.limit_change c left join facts.region r on r.region_code = c.region_code
where c.rule = :rule order by c.accepted is not null, c.id desc limit 20

-- name: places
-- Where somebody may set a limit: the places of the own scope, villages left out. Index: region primary key. Budget: 20 ms.
select r.region_code, r.name from facts.region r join access.here h on h.region_code = r.region_code
where r.region_code like '%000' order by 1 limit 2000

-- name: propose
insert into access.limit_change (rule, name, region_code, programme, value, valid_from, who, why)
values (:rule, :name, :region_code, :programme, cast(:value as jsonb), :valid_from, :who, :why)

-- name: decide
-- Once; who proposed may only withdraw. Index: primary key.
update access.limit_change set accepted = :accepted, decided_by = :who, decided_at = clock_timestamp()
where id = :id and accepted is null and (not :accepted or who <> :who)

-- name: set_at_once
-- Set on the server by who runs it.
insert into access.limit_change (rule, name, region_code, programme, value, valid_from, who, why, accepted, decided_by, decided_at)
values (%(rule)s, %(name)s, %(region_code)s, %(programme)s, %(value)s::jsonb, %(valid_from)s, %(who)s, 'aidwatch rules set', true, 'command line', clock_timestamp())

-- name: to_take
-- Accepted ones whose event is not taken yet, oldest first. Index: limit_change_to_take. Budget: 2 ms.
select id, decided_at, rule, name, region_code, programme, value, valid_from from access.limit_change
where accepted and taken_at is null order by id limit %(limit)s

-- name: taken
update access.limit_change set taken_at = now() where id = any(%(ids)s::bigint[])
