-- name: of
-- The views somebody keeps, and what others share. Index: saved_view_account_name_key, saved_view_shared. Budget: 5 ms.
select id, account, name, address, is_shared from access.saved_view where account = :who or is_shared
order by account <> :who, name, id limit 60

-- name: keep
insert into access.saved_view (account, name, address, is_shared) values (:who, :name, :address, :is_shared)
on conflict (account, name) do update set address = excluded.address, is_shared = excluded.is_shared, at = now()

-- name: count
select count(*) from access.saved_view where account = :who

-- name: forget
delete from access.saved_view where account = :who and id = cast(:id as bigint)
