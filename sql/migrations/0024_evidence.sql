-- 0024 evidence: what an offline package needs to prove that the ledger was not changed, and the rule text of every version
-- Phase: before the code.
-- Rows of a batch lie beside each other on disk, in the order of arrival: a block-range index costs intake next to nothing.
create index event_batch on ledger.event using brin (batch_id) with (autosummarize = on, pages_per_range = 16);
create unique index batch_position on ledger.batch (source, lane, n);                          -- the batch before

-- Hashes tell nothing about anybody; still they are for those who may see something at all.
create view seen.event_hash with (security_barrier) as
    select source, batch_id, arrival, hash from ledger.event where (select access.ranges()) <> '{}'::int4multirange;
grant select on seen.event_hash to aidwatch_console;

create table watch.rule_text (                                -- append-only: every text a rule ever judged by
    file text not null, version int not null, sha256 text not null,                            -- of the whole text
    subject text not null, codes text[] not null, body text not null,
    kept_at timestamptz not null default clock_timestamp(), primary key (file, version, sha256));
grant select, insert on watch.rule_text to aidwatch_worker;
grant select on watch.rule_text to aidwatch_console;
