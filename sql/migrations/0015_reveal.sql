-- 0015 reveal: who looked at a clear value, when, of which finding, and why
-- Phase: before the code.
create table access.reveal (                                  -- append-only
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    who text not null,
    finding_id text not null,
    kind text not null,                                       -- of the value: id_number, name, phone, account
    pseudonym text not null,
    purpose text not null check (purpose in ('verify', 'inquiry', 'audit', 'other')),
    case_no text not null check (case_no <> ''),
    address text);
create index reveal_finding on access.reveal (finding_id, id);                                -- dossier
create index reveal_who on access.reveal (who, at);                                           -- limit
grant select, insert on access.reveal to aidwatch_console;
grant select on access.reveal to aidwatch_worker;
