-- 0103 looked up: look-ups become events of entity access, as reveals do; dead letters can be sent again or set aside
-- Phase: before the code.
-- person_id: the one human that was found, for the rule; person_ids: every record that was shown, for the dossiers of these people.
-- taken_at: when the event was taken; set at once where there is none to take (nobody was found).
alter table access.lookup add column person_id text, add column person_ids text[] not null default '{}', add column taken_at timestamptz;
update access.lookup set taken_at = at;                                                           -- whom they found was not kept
create index lookup_to_take on access.lookup (id) where taken_at is null;                         -- taking, settle
create index lookup_people on access.lookup using gin (person_ids);                               -- dossier of a person
create index lookup_value on access.lookup (pseudonym) where kind = 'account';                    -- dossier of an account
grant select (id, at, token_id, name, person_id, purpose, case_no, taken_at), update (taken_at) on access.lookup to aidwatch_worker;

-- asked_at: somebody asked for it to be taken again, and it was not tried yet; repaired_at: closed, as outcome says.
alter table ledger.dead_letter add column asked_at timestamptz, add column asked_by text, add column tried_at timestamptz,
    add column tries int not null default 0, add column repaired_at timestamptz, add column repaired_by text,
    add column outcome text check (outcome in ('accepted', 'repeated', 'set_aside')), add column note text,
    add check ((repaired_at is null) = (outcome is null)), add check (outcome <> 'set_aside' or note is not null);
create index dead_letter_open on ledger.dead_letter (id) where repaired_at is null;               -- page Data, status
create index dead_letter_asked on ledger.dead_letter (asked_at, id) where asked_at is not null;   -- the evaluator, settle
grant update (asked_at, asked_by, repaired_at, repaired_by, outcome, note) on ledger.dead_letter to aidwatch_console;

-- As in 0021; an untaken look-up is kept, as an untaken reveal is.
create or replace function access.forget(what text, at_once int) returns int language plpgsql security definer set search_path = pg_temp as $$
declare before timestamptz; n int;
begin
    select now() - make_interval(days => r.keep_days) into strict before from access.retention r where r.kind = what;
    case what
        when 'trail' then delete from access.trail where id in (select t.id from access.trail t where t.at < before order by t.at limit at_once);
        when 'reveal' then delete from access.reveal where id in
            (select t.id from access.reveal t where t.at < before and t.taken_at is not null order by t.at limit at_once);
        when 'look_up' then delete from access.lookup where id in
            (select t.id from access.lookup t where t.at < before and t.taken_at is not null order by t.at limit at_once);
        when 'dead_letter' then delete from ledger.dead_letter where id in
            (select t.id from ledger.dead_letter t where t.at < before order by t.at limit at_once);
        when 'audit_run' then delete from watch.audit_run where id in (select t.id from watch.audit_run t where t.at < before order by t.at limit at_once);
        when 'delivery' then delete from watch.delivery where (subscription_id, event_id) in
            (select t.subscription_id, t.event_id from watch.delivery t where t.at < before order by t.at limit at_once);
        when 'session' then delete from access.session where sha256 in
            (select t.sha256 from access.session t where t.ends_at < before order by t.ends_at limit at_once);
    end case;
    get diagnostics n = row_count;
    return n;
end $$;
