-- 0040 search: people find a file by a name or number; the clear value is turned into its pseudonym and not kept
-- Phase: before the code.
create index person_name on store.person (name_key) where name_key is not null and to_at is null;      -- search
create index person_phone on store.person (phone_key) where phone_key is not null and to_at is null;   -- search
alter table access.lookup alter column token_id drop not null, add column case_no text;   -- null: looked up in the console
create index lookup_name on access.lookup (name, at);                                     -- how often somebody looked
grant insert on access.lookup to aidwatch_console;
