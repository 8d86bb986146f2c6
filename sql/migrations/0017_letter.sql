-- 0017 letter: written proposals and orders to a unit, as they were issued
-- Phase: before the code.
create table watch.letter (                                   -- append-only: what was issued is not rewritten
    letter_id text primary key, number text not null unique, kind text not null check (kind in ('advice', 'rectify')),
    unit_code text not null, region_code text, issued_at timestamptz not null, issued_by text not null, due_on date not null,
    body jsonb not null,                                      -- the text in both languages, as console.letters made it
    sha256 text not null);                                    -- of the body; printed on the letter
create table watch.letter_finding (
    letter_id text not null references watch.letter, finding_id text not null, primary key (letter_id, finding_id));
create index letter_finding_finding on watch.letter_finding (finding_id);   -- dossier
create index letter_unit on watch.letter (unit_code, issued_at desc);       -- a unit's own

alter table watch.letter enable row level security;
create policy machine on watch.letter to aidwatch_worker using (true) with check (true);
create policy people on watch.letter to aidwatch_console using (
    ((select access.everywhere()) or region_code in (select region_code from access.here))
    and ((select access.unit()) is null or unit_code = (select access.unit())));
alter table watch.letter_finding enable row level security;
create policy machine on watch.letter_finding to aidwatch_worker using (true) with check (true);
create policy people on watch.letter_finding to aidwatch_console using (
    exists (select from watch.letter l where l.letter_id = letter_finding.letter_id)) with check (true);
grant select on watch.letter, watch.letter_finding to aidwatch_worker;
grant select, insert on watch.letter, watch.letter_finding to aidwatch_console;
