-- 0008 lookups: who asked for findings by a clear number (append-only); what /metrics may count
-- Phase: before the code.
create table access.lookup (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    token_id text not null, name text not null,
    kind text not null, pseudonym text not null,             -- never the clear value
    purpose text, found int not null);
grant insert on access.lookup to aidwatch_worker;
grant select on access.lookup to aidwatch_console;
grant select on ledger.event_default to aidwatch_worker;    -- /metrics counts what no partition was made for
