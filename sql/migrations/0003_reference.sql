-- 0003 reference: derived reference facts, indexes for the rules, sources
-- Phase: before the code.

-- The region tree, flattened: containment follows parent_code, not the code's digits (design §11.25).
create table store.region_path (region_code text, ancestor_code text, depth int not null, primary key (region_code, ancestor_code));
create table store.region_order (region_code text primary key, from_n int not null, to_n int not null);  -- half-open, for access scopes
create view facts.region_path as select region_code, ancestor_code, depth from store.region_path;

create function store.flatten_regions() returns void language plpgsql security definer set search_path = store, pg_temp as $$
begin
    delete from region_path;
    insert into region_path
    with recursive climb(region_code, ancestor_code, depth) as (
        select region_code, region_code, 0 from region
        union all
        select climb.region_code, region.parent_code, climb.depth + 1
        from climb join region on region.region_code = climb.ancestor_code
        where region.parent_code is not null and climb.depth < 8)
    select region_code, ancestor_code, min(depth) from climb group by 1, 2;
    delete from region_order;
    insert into region_order
    with recursive ways(region_code, way) as (
        select region_code, array[region_code] from region
        where parent_code is null or parent_code not in (select region_code from region)
        union all
        select region.region_code, way || region.region_code
        from ways join region on region.parent_code = ways.region_code where array_length(way, 1) < 8),
    placed as (select region_code, way, (row_number() over (order by way))::int as n from (
        select distinct on (region_code) region_code, way from ways order by region_code, way) one)
    select up.region_code, up.n, 1 + max(down.n)
    from placed up join region_path on ancestor_code = up.region_code
    join placed down on down.region_code = region_path.region_code group by up.region_code, up.n;
end $$;

-- Working days counted, so that "n working days later" is a join: n counts working days up to and including the day.
create table store.working_day (calendar text, day date, working boolean not null, n int not null, provisional boolean not null,
    primary key (calendar, day));
create unique index working_day_n on store.working_day (calendar, n) where working;
create view facts.working_day as select calendar, day, working, n, provisional from store.working_day;

create function store.count_working_days() returns void language plpgsql security definer set search_path = store, pg_temp as $$
begin
    delete from working_day;
    insert into working_day
    select calendar, day, working, (sum(working::int) over (partition by calendar order by day))::int, coalesce(provisional, false)
    from workday where day is not null and calendar is not null and working is not null;
end $$;

-- The order of the stages: a clock also ends at any later stage of its chain (contract §6).
create table facts.stage_order (stage_code text primary key, place int not null);
insert into facts.stage_order values
    ('APPLY', 10), ('SUPPLEMENT_NOTICE', 20), ('ACCEPT', 30), ('REJECT_ACCEPT', 30), ('SURVEY_START', 40),
    ('VISIT', 50), ('CHECK_REQUEST', 50), ('CHECK_START', 60), ('CHECK_REPORT', 70), ('OPINION', 80), ('PUBLICITY_START', 90),
    ('PUBLICITY_END', 100), ('COUNTY_RECEIVE', 110), ('COUNTY_VISIT', 115), ('DECIDE', 120),
    ('NOTICE', 130), ('PUBLISH', 140), ('FIRST_PAYMENT', 150), ('POST_CHECK', 160);

-- What arrived when from whom; staleness is joined at read from here (design §11.13).
create table store.source_state (
    source text, entity text, kind text not null default '',     -- kind: of a register, else ''
    last_at timestamptz not null, as_of date, known_at timestamptz not null default now(),
    events bigint not null default 0, primary key (source, entity, kind));
create view facts.source_state as select source, entity, kind, last_at, as_of, events from store.source_state;
create table store.source_sequence (source text primary key, lowest bigint not null, highest bigint not null, n bigint not null);

-- Indexes; each names the rules or pages it serves.
create index application_household on store.application (household_id);                      -- T01–T12, P, dossier
create index stage_application on store.stage (application_id, stage_code);                  -- T, P
create index income_check_application on store.income_check (application_id);                -- P04
create index income_check_household on store.income_check (household_id, checked_at);        -- F01
create index benefit_household on store.benefit (household_id);                              -- D01 D02 E01 E02 F01
create index benefit_person on store.benefit (person_id);                                    -- D02 E01
create index benefit_ended on store.benefit (benefit_id) where end_period is not null;       -- F02
create index benefit_programme on store.benefit (programme, person_id) where to_at is null; -- D02
create index benefit_application on store.benefit (application_id);                          -- P16
create index member_household on store.household_member (household_id);                      -- D01 D07 E01 E02 F01
create index member_person on store.household_member (person_id);                            -- D01 D07 E01 E02
create index household_region on store.household (region_code);                              -- dossier
create index payment_benefit on store.payment (benefit_id, period);                          -- F01 F02 F03 D02 E01 E02
create index payment_payee on store.payment (payee_person_id, period);                       -- F20
create index payment_account on store.payment (account_key, period);                         -- F06 F20
create index payment_batched on store.payment (batch_id);                                      -- F01 (shares of a batch)
create index payment_household on store.payment (household_id, period);                      -- F03
create index account_pseudonym on store.account (account_key);                               -- F06 F20
create index person_pseudonym on store.person (person_key);                                  -- Q01
create index register_number on store.register (id_number_key) where id_number_key is not null;  -- E01 E02 D07
create index register_person on store.register (person_id) where person_id is not null;
create index service_order_project on store.service_order (project_id);                      -- J08
create index service_order_worker on store.service_order (worker_id, started_at);            -- J08
create index service_order_person on store.service_order (person_id);                         -- J08
create index survey_project on store.survey_response (project_id);                           -- J04
create index project_provider on store.project (provider_id);
create index batch_share_batch on store.batch_share (batch_id);                              -- F01
create index parameter_rule on store.parameter (rule, name);
create index deadline_rule on store.deadline (rule);
create index standard_place on store.standard (programme, region_code, valid_from);          -- F01

-- Month partitions are made when a month is first seen, within bounds; anything else lies in the default partition.
create function ledger.ensure_months(wanted text[]) returns void language plpgsql security definer set search_path = pg_temp as $$
declare m text; lower date; name text;
begin
    if not exists (select from unnest(wanted) w where to_regclass('ledger.event_' || replace(w, '-', '')) is null) then
        return;  -- the usual case: nobody waits for anybody
    end if;
    perform pg_advisory_xact_lock(hashtext('aidwatch months'));
    foreach m in array wanted loop
        continue when m !~ '^(200\d|201\d|202\d|203\d)-(0[1-9]|1[0-2])$';
        lower := (m || '-01')::date;
        name := 'event_' || replace(m, '-', '');
        if to_regclass('ledger.' || name) is null then
            execute format('create table ledger.%I partition of ledger.event for values from (%L) to (%L)',
                name, lower::timestamp at time zone 'UTC', (lower + interval '1 month')::timestamp at time zone 'UTC');
        end if;
    end loop;
end $$;
create function store.ensure_periods(wanted text[]) returns void language plpgsql security definer set search_path = pg_temp as $$
declare m text; name text;
begin
    if not exists (select from unnest(wanted) w where to_regclass('store.payment_' || replace(w, '-', '')) is null) then
        return;  -- the usual case: nobody waits for anybody
    end if;
    perform pg_advisory_xact_lock(hashtext('aidwatch periods'));
    foreach m in array wanted loop
        continue when m !~ '^(200\d|201\d|202\d|203\d)-(0[1-9]|1[0-2])$';
        name := 'payment_' || replace(m, '-', '');
        if to_regclass('store.' || name) is null then
            execute format('create table store.%I partition of store.payment for values in (%L)', name, m);
        end if;
    end loop;
end $$;

-- ── what each role may do ──────────────────────────────────────────────────────────────────────
grant usage on schema ledger, store, facts, watch, vault to aidwatch_worker;
grant select, insert on ledger.event, ledger.batch to aidwatch_worker;          -- append-only
grant select, insert, update, delete on ledger.seen, ledger.lane, ledger.dead_letter, ledger.mark to aidwatch_worker;
grant usage on all sequences in schema ledger, watch to aidwatch_worker;
grant select, insert, update, delete on all tables in schema store, watch to aidwatch_worker;
revoke update, delete on watch.finding_event from aidwatch_worker;
grant select on all tables in schema facts to aidwatch_worker, rule_reader, aidwatch_console;
grant insert, select (pseudonym) on vault.identity to aidwatch_worker;
grant usage on schema facts to rule_reader, aidwatch_console;
grant usage on schema ledger, watch, store to aidwatch_console;
grant select on ledger.event, ledger.batch, ledger.dead_letter, ledger.mark to aidwatch_console;
grant select on all tables in schema watch to aidwatch_console;
grant select on store.source_state, store.region_order to aidwatch_console;
grant usage on schema vault to vault_reader;
grant select on vault.identity to vault_reader;
revoke execute on function ledger.ensure_months(text[]), store.ensure_periods(text[]), store.flatten_regions(), store.count_working_days() from public;
grant execute on function ledger.ensure_months(text[]), store.ensure_periods(text[]), store.flatten_regions(), store.count_working_days() to aidwatch_worker;
