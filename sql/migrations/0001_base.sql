-- 0001 base: ledger, supervision state, vault. The roles are made before, by sql/roles.sql
-- Phase: before the code.
create schema ledger;
create schema watch;
create schema vault;

-- ── the ledger: append-only, nobody but the owner may update or delete ─────────────────────────
create sequence ledger.arrival increment 10000;  -- one step is a batch's room; place in it = order of arrival
create table ledger.event (
    source text not null,
    event_id text not null,
    occurred_at timestamptz not null,
    known_at timestamptz not null default now(),
    arrival bigint not null,
    entity text not null,
    key text not null,
    op text not null,
    sequence bigint,
    batch_id bigint not null,
    body json,                      -- tokenised (design §11.16); json, not jsonb: the hash is over these very bytes
    hash bytea not null             -- sha256 over source, id, time, entity, key, op, body
) partition by range (occurred_at);
create table ledger.event_default partition of ledger.event default;
create unique index event_identity on ledger.event (source, event_id, occurred_at);
create index event_key on ledger.event (entity, key);        -- time lines of a case; replay sorts by arrival, which is rare

create table ledger.seen (                                   -- refuses a reused id (design §11.23)
    source text, event_id text, occurred_at timestamptz not null, hash bytea not null,
    primary key (source, event_id));
create table ledger.lane (                                   -- one hash chain per intake process and source
    source text, lane text, n bigint not null, hash bytea not null, primary key (source, lane));
create table ledger.batch (
    batch_id bigint, source text not null, lane text not null, n bigint not null, events int not null,
    hash bytea not null,                                     -- sha256(previous batch ‖ the rows' hashes)
    known_at timestamptz not null default now(), primary key (batch_id, source));
create table ledger.dead_letter (
    id bigint generated always as identity primary key, at timestamptz not null default now(),
    source text, event_id text, index_in_batch int, reason text not null, original_encrypted bytea not null);
create table ledger.mark (
    id bigint generated always as identity primary key, entity text not null,
    columns json not null,                                   -- column → its values before and after the change
    periods text[],                                          -- benefit months touched; null = all
    n int not null, at timestamptz not null default clock_timestamp());

-- ── supervision ────────────────────────────────────────────────────────────────────────────────
create table watch.finding (
    finding_id text primary key,
    rule text not null, rule_version int not null,
    subject_kind text not null, subject_key text not null, item text not null default '', period text,
    notice_at timestamptz, yellow_at timestamptz, red_at timestamptz, until_at timestamptz,
    ladder_card text check (ladder_card in ('notice', 'yellow', 'red')),
    present boolean not null, amount_at_risk_fen bigint, region_code text, unit_code text, evidence jsonb not null,
    opened_at timestamptz not null, card_since timestamptz,
    first_seen_at timestamptz not null, last_seen_at timestamptz not null, cleared_at timestamptz,
    times int not null default 1, episode int not null default 1,
    stage text not null default 'open'
        check (stage in ('open', 'assigned', 'replied', 'verified', 'closed', 'dismissed')),
    assignee text, due_at timestamptz, note text, outcome text, outcome_reason text, stage_at timestamptz);
create unique index finding_identity on watch.finding (rule, subject_kind, subject_key, item);  -- reconcile
create index finding_open on watch.finding (opened_at desc, finding_id) where present;          -- lists, newest first
create index finding_subject on watch.finding (subject_kind, subject_key);                      -- dossier
create index finding_place on watch.finding (region_code, ladder_card) where present;          -- map
create index finding_changed on watch.finding (greatest(last_seen_at, stage_at, cleared_at));   -- API: since

create table watch.finding_event (                           -- append-only truth about findings
    id bigint generated always as identity primary key, finding_id text not null,
    at timestamptz not null, known_at timestamptz not null default clock_timestamp(), what text not null,
    from_card text, to_card text, from_stage text, to_stage text, by_whom text not null default 'aidwatch', note text);
create index finding_event_finding on watch.finding_event (finding_id, id);
create index finding_event_at on watch.finding_event (at);   -- trend
create table watch.finding_region (finding_id text, region_code text, primary key (finding_id, region_code));
create table watch.outbox (id bigint generated always as identity primary key, payload json not null);

create table watch.recheck (                                 -- instants at which waiting alone changes an answer
    file text, subject_kind text, subject_key text, period text not null default '', at timestamptz not null,
    primary key (file, subject_kind, subject_key, period));
create index recheck_due on watch.recheck (at);
create table watch.claim (                                   -- keys still to be asked, per group of rule files
    id bigint generated always as identity primary key, files text[] not null, keys text[] not null,
    periods text[], tries int not null default 0, parked_at timestamptz, at timestamptz not null default clock_timestamp());
create table watch.resweep (                                 -- rule files to be asked about everything
    id bigint generated always as identity primary key, file text not null, after_key text, reason text not null,
    tries int not null default 0, parked_at timestamptz, at timestamptz not null default clock_timestamp());

create table watch.rule_state (                              -- one row per rule file and code
    file text, code text, family text not null, version int not null, sha256 text not null,
    title_zh text not null, title_en text not null, needs text[] not null,
    evaluated_at timestamptz, unknown_since timestamptz, parked_error text, primary key (file, code));
create table watch.clock (singleton boolean primary key default true check (singleton), now_at timestamptz not null);
create table watch.audit_run (
    id bigint generated always as identity primary key, at timestamptz not null default now(),
    file text not null, compared bigint not null, drift bigint not null, pending bigint not null, examples json);
create table watch.progress (name text primary key, at timestamptz not null default now(), value text);

create table vault.identity (                                -- clear values, encrypted; readable by reveal and linkage only
    pseudonym text primary key, kind text not null, ciphertext bytea not null, at timestamptz not null default now());
