-- 0113 limits: a limit of a rule is changed by two: one proposes, another accepts; what was accepted becomes a ``parameter`` event
-- Phase: before the code.
create table access.limit_change (                            -- append-only but for the decision and the taking
    id bigint generated always as identity primary key,
    rule text not null,                                       -- a code of the catalogue
    name text not null,                                       -- of the limit
    region_code text,                                         -- null: everywhere
    programme text,                                           -- null: all
    value jsonb not null,
    valid_from date not null,
    who text not null,
    at timestamptz not null default clock_timestamp(),
    why text not null check (why <> ''),
    accepted boolean,                                         -- null: waits
    decided_by text,
    decided_at timestamptz,
    taken_at timestamptz,
    check (num_nulls(accepted, decided_by, decided_at) in (0, 3)),
    check (accepted is not true or decided_by <> who));       -- four eyes (domain 9.1.9); who proposed may withdraw
create index limit_change_rule on access.limit_change (rule, id);                             -- page of a rule
create index limit_change_to_take on access.limit_change (id) where accepted and taken_at is null;  -- taking, settle
grant select on access.limit_change to aidwatch_console, aidwatch_worker;
grant insert (rule, name, region_code, programme, value, valid_from, who, why) on access.limit_change to aidwatch_console;
grant update (accepted, decided_by, decided_at) on access.limit_change to aidwatch_console;
grant insert on access.limit_change to aidwatch_worker;       -- aidwatch rules set
grant update (taken_at) on access.limit_change to aidwatch_worker;
