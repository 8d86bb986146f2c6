-- 0005 access: accounts of people and tokens of programs
-- Phase: before the code.
create schema access;

create table access.account (
    name text primary key,
    password_hash text not null,                              -- argon2id
    roles text[] not null default '{}',
    regions text[] not null default '{}',                     -- region codes it sees with all below them; none: nothing
    must_change boolean not null default false,               -- the password was printed or set by somebody else
    created_at timestamptz not null default now(),
    disabled_at timestamptz);

create table access.token (
    token_id text primary key,
    name text not null,
    sha256 bytea not null unique,                             -- of the whole token; it has 256 random bits, so no salt
    scopes text[] not null,
    regions text[] not null default '{}',                     -- none: every region
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz);

grant usage on schema access to aidwatch_console, aidwatch_worker;
grant select, update on access.account to aidwatch_console;
grant select, insert, update on access.token to aidwatch_worker;
grant select, update (last_used_at) on access.token to aidwatch_console;
grant select, insert, update on access.account to aidwatch_worker;
