-- 0012 forgotten: ids are remembered for 90 days; what is older than everything forgotten is looked up in the ledger itself
-- Phase: before the code.
alter table ledger.seen add column known_at timestamptz not null default now();
create index seen_known on ledger.seen using brin (known_at);                                 -- forgetting
create table ledger.forgotten (                              -- one row: no event later than this was forgotten
    singleton boolean primary key default true check (singleton), newest_at timestamptz not null);
grant select, insert, update on ledger.forgotten to aidwatch_worker;
drop table watch.progress;
