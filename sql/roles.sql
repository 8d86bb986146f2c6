-- The roles of aidwatch, made once per server by a superuser, before the first `aidwatch migrate`.
-- Login roles inherit nothing: what a group role may read is read after `set local role`.
do $$
declare
    login text;
begin
    foreach login in array array['aidwatch_owner', 'aidwatch_worker', 'aidwatch_console'] loop
        if not exists (select from pg_roles where rolname = login) then
            execute format('create role %I login noinherit nosuperuser nobypassrls', login);
        end if;
    end loop;
    foreach login in array array['rule_reader', 'vault_reader'] loop
        if not exists (select from pg_roles where rolname = login) then
            execute format('create role %I nologin nosuperuser nobypassrls', login);
        end if;
    end loop;
end
$$;
-- The owner may hand them on: a migration grants what a later version needs.
grant rule_reader, vault_reader to aidwatch_owner with admin option;
grant rule_reader to aidwatch_worker;
grant vault_reader to aidwatch_worker, aidwatch_console;
