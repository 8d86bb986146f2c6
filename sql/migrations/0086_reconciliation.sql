-- 0086 reconciliation: what was decided, listed and paid, to the fen, and each difference in one class; made by the clock beside intake
-- Phase: before the code.
-- What each class means and which comes first is written once: the statement judge in sql/queries/reconciliation.sql.
create table watch.reconciled (                              -- of one place everything below it is part; region_code '': everything
    region_code text not null, period text not null, programme text not null,                -- period '': no month on record
    kind text not null,                                      -- decided, listed, paid, owed, unknown (not compared), or a class
    n bigint not null, fen bigint not null,
    primary key (region_code, period, programme, kind));
create index reconciled_period on watch.reconciled (period);                                 -- a month is written anew as a whole
create table watch.difference (                              -- the lines behind the classes, and behind what is owed
    period text not null, class text not null, programme text not null, region_code text not null,
    benefit_id text, payment_id text, batch_id text, household_id text,
    fen bigint not null,                                     -- above zero: less reached the citizen than was decided or listed
    at timestamptz);                                         -- returned, else submitted, at
create index difference_period on watch.difference (period, class);
create index difference_place on watch.difference (region_code, period);                     -- the lines of one place
create table watch.listed (                                  -- the lines of each list, by their month: arrears come with a later list
    period text not null, batch_id text not null, n bigint not null, fen bigint not null, paid_fen bigint not null, returned_n bigint not null,
    primary key (batch_id, period));
create index listed_period on watch.listed (period);
create table watch.reconciled_month (
    period text primary key, digest bigint not null,         -- of the records it was made from: another one means it must be made again
    at timestamptz not null);
create table watch.reconciled_run (                          -- the nightly full count: what it found different, and mended
    id bigint generated always as identity primary key, at timestamptz not null default now(),
    months bigint not null, drift bigint not null, seconds double precision not null);

create view seen.reconciled with (security_barrier) as select * from watch.reconciled t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.difference with (security_barrier) as select * from watch.difference t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.listed with (security_barrier) as select b.batch_id, l.period, l.n, l.fen, l.paid_fen, l.returned_n
    from store.payment_batch b join watch.listed l using (batch_id)
    where (select access.everywhere()) or b.region_code in (select region_code from access.here);

grant select, insert, update, delete on watch.reconciled, watch.difference, watch.listed, watch.reconciled_month, watch.reconciled_run
    to aidwatch_worker;
grant usage on all sequences in schema watch to aidwatch_worker;
grant select on seen.reconciled, seen.difference, seen.listed, watch.reconciled_month, watch.reconciled_run to aidwatch_console;
create index batch_period on store.payment_batch (period, programme);                       -- lists of a time
