-- name: valid_token
-- Served by the unique index on sha256. Budget: 1 ms.
select token_id, name, scopes, regions, last_used_at
from access.token
where sha256 = :sha256
  and revoked_at is null
  and (expires_at is null or expires_at > now())

-- name: used_token
update access.token set last_used_at = now() where token_id = :token_id

-- name: add_token
insert into access.token (token_id, name, sha256, scopes, regions, expires_at)
values (:token_id, :name, :sha256, :scopes, :regions, :expires_at)

-- name: revoke_token
update access.token set revoked_at = now()
where (token_id = :which or name = :which) and revoked_at is null

-- name: list_tokens
select token_id, name, scopes, regions, created_at, expires_at, revoked_at, last_used_at
from access.token
order by created_at, token_id
limit 1000

-- name: here
-- The regions of the transaction's scope. Budget: 5 ms.
select region_code from access.here limit 20000

-- name: see_as
-- Bind the transaction to what one viewer may see (migration 0014). Served by the primary key of region_order. Budget: 1 ms.
select set_config('aidwatch.ranges', case when cast(:everywhere as boolean) then '{(,)}' else (
        select coalesce(range_agg(int4range(from_n, to_n)), '{}')::text from store.region_order
        where region_code = any(cast(:regions as text[]))) end, true),
    set_config('aidwatch.unit', coalesce(cast(:unit as text), ''), true)
