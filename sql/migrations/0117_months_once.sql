-- 0117 months_once: of two takers that meet a new month at once, one makes its partition and the other goes on
-- Phase: before the code.
-- Whoever waited for the lock may still remember that the table was not there (an advisory lock tells no news of the catalogue): "if not exists" looks again.
create or replace function ledger.ensure_months(wanted text[]) returns void language plpgsql security definer set search_path = pg_temp as $$
declare m text; lower date;
begin
    if not exists (select from unnest(wanted) w where to_regclass('ledger.event_' || replace(w, '-', '')) is null) then
        return;  -- the usual case: nobody waits for anybody
    end if;
    perform pg_advisory_xact_lock(hashtext('aidwatch months'));
    foreach m in array wanted loop
        continue when m !~ '^(200\d|201\d|202\d|203\d)-(0[1-9]|1[0-2])$';
        lower := (m || '-01')::date;
        execute format('create table if not exists ledger.%I partition of ledger.event for values from (%L) to (%L)',
            'event_' || replace(m, '-', ''), lower::timestamp at time zone 'UTC', (lower + interval '1 month')::timestamp at time zone 'UTC');
    end loop;
end $$;
create or replace function store.ensure_periods(wanted text[]) returns void language plpgsql security definer set search_path = pg_temp as $$
declare m text;
begin
    if not exists (select from unnest(wanted) w where to_regclass('store.payment_' || replace(w, '-', '')) is null) then
        return;  -- the usual case: nobody waits for anybody
    end if;
    perform pg_advisory_xact_lock(hashtext('aidwatch periods'));
    foreach m in array wanted loop
        continue when m !~ '^(200\d|201\d|202\d|203\d)-(0[1-9]|1[0-2])$';
        execute format('create table if not exists store.%I partition of store.payment for values in (%L)', 'payment_' || replace(m, '-', ''), m);
    end loop;
end $$;
