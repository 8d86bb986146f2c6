-- 0013 people: who signs in, with what second factor, and every attempt
-- Phase: before the code.
alter table access.account
    add column display_name text,
    add column unit_code text,                                -- a unit's handler sees and answers the cards of this unit
    add column single_sign_on text unique,                    -- issuer and subject, for accounts without a password of ours
    add column totp_sealed bytea,                             -- secret of the second factor, under the vault's key
    add column totp_step bigint not null default 0,           -- time step of the last code: none is good twice
    alter column password_hash drop not null;
update access.account set roles = '{security_admin}' where roles = '{administrator}';
alter table access.account
    add constraint roles_known check (roles <@ array['supervisor', 'auditor', 'leader', 'rule_owner', 'unit_handler',
        'system_admin', 'security_admin', 'audit_admin']),
    -- 三员分立: who administers does nothing else, and administers one thing (GB/T 22239 8.1.5)
    add constraint administrators_apart check (
        not roles && array['system_admin', 'security_admin', 'audit_admin'] or cardinality(roles) = 1),
    add constraint handler_has_unit check (not 'unit_handler' = any(roles) or unit_code is not null);

create table access.session (
    sha256 bytea primary key,                                 -- of the cookie, which has 256 random bits
    account text not null references access.account(name) on delete cascade,
    second_factor boolean not null,                           -- passed, or not asked of this account
    begun_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    ends_at timestamptz not null,
    address text, agent text);
create index session_account on access.session (account);
create index session_ends on access.session (ends_at);

create table access.trail (                                   -- append-only: what people did to get in and to administer
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    who text not null,                                        -- as typed, cut to 64 characters
    what text not null,                                       -- signed_in, refused, locked, signed_out, password_changed, …
    about text,                                               -- the account that was changed
    detail text, address text);
create index trail_at on access.trail (at);
create index trail_who on access.trail (who, at) where what in ('refused', 'signed_in', 'unlocked');
create index trail_address on access.trail (address, at) where what = 'refused';

grant select, insert, update on access.account to aidwatch_console;
grant select, insert, update, delete on access.session to aidwatch_console, aidwatch_worker;
grant select, insert on access.trail to aidwatch_console, aidwatch_worker;
