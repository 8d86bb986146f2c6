-- name: account
-- Served by the primary key. Budget: 1 ms.
select name, display_name, password_hash, roles, regions, unit_code, must_change, totp_sealed, totp_step, disabled_at
from access.account where name = :name

-- name: accounts
select name, display_name, roles, regions, unit_code, must_change, totp_sealed is not null as second_factor,
    single_sign_on, disabled_at, created_at
from access.account order by name limit 1000

-- name: by_single_sign_on
select name from access.account where single_sign_on = :identity and disabled_at is null

-- name: add_account
insert into access.account (name, display_name, password_hash, roles, regions, unit_code, single_sign_on, must_change)
values (:name, :display_name, :password_hash, :roles, :regions, :unit_code, :single_sign_on, :must_change)

-- name: change_account
update access.account set display_name = :display_name, roles = :roles, regions = :regions, unit_code = :unit_code
where name = :name

-- name: set_password
update access.account
set password_hash = :password_hash, must_change = :must_change
where name = :name

-- name: disable
update access.account set disabled_at = case when :disabled then now() end where name = :name

-- name: set_second_factor
update access.account set totp_sealed = :sealed, totp_step = :step where name = :name

-- name: use_code
-- True once for each code: two requests with the same one meet at the row.
update access.account set totp_step = :step where name = :name and totp_step < :step

-- name: refused_as
-- Refusals of a name since it last got in. Served by trail_who. Budget: 2 ms.
select count(*) from access.trail
where what = 'refused' and who = :who and at > greatest(now() - make_interval(secs => :within_s),
    (select max(at) from access.trail where who = :who and what in ('signed_in', 'unlocked')))

-- name: refused_from
-- Served by trail_address. Budget: 2 ms.
select count(*) from access.trail
where what = 'refused' and address = :address and at > now() - make_interval(secs => :within_s)

-- name: begin_session
insert into access.session (sha256, account, second_factor, ends_at, address, agent)
values (:sha256, :account, :second_factor, now() + make_interval(secs => :lasts_s), :address, :agent)

-- name: session
-- Served by the primary key. Budget: 1 ms.
select a.name, a.display_name, a.roles, a.regions, a.unit_code, a.must_change, a.totp_sealed is not null as has_second_factor,
    s.second_factor, s.seen_at
from access.session s join access.account a on a.name = s.account
where s.sha256 = :sha256 and s.ends_at > now() and s.seen_at > now() - make_interval(secs => :idle_s) and a.disabled_at is null

-- name: seen
update access.session set seen_at = now() where sha256 = :sha256

-- name: passed_second_factor
update access.session set second_factor = true where sha256 = :sha256

-- name: end_session
delete from access.session where sha256 = :sha256

-- name: end_sessions
delete from access.session where account = :name and sha256 is distinct from :but

-- name: note
insert into access.trail (who, what, about, detail, address) values (:who, :what, :about, :detail, :address)

-- name: trail
-- Lines of somebody, of one act, of a time, the newest first; :before is the last line of the page before. Served by trail_newest, trail_by,
-- trail_act. Budget: 20 ms.
select id, at, who, what, about, detail, address from access.trail
where (cast(:who as text) is null or who = cast(:who as text))
  and (cast(:what as text) is null or what = cast(:what as text))
  and (cast(:begin as timestamptz) is null or at >= cast(:begin as timestamptz))
  and (cast(:end as timestamptz) is null or at < cast(:end as timestamptz))
  and (cast(:before as bigint) is null
       or (at, id) < ((select at from access.trail where id = cast(:before as bigint)), cast(:before as bigint)))
order by at desc, id desc limit :most

-- name: trail_counted
-- How many lines answer the same question. Indexes: as trail. Budget: 200 ms for a million.
select count(*) from access.trail
where (cast(:who as text) is null or who = cast(:who as text))
  and (cast(:what as text) is null or what = cast(:what as text))
  and (cast(:begin as timestamptz) is null or at >= cast(:begin as timestamptz))
  and (cast(:end as timestamptz) is null or at < cast(:end as timestamptz))

-- name: regions
-- Which of these codes are regions. Served by the primary key of region. Budget: 5 ms.
select region_code from facts.region where region_code = any(cast(:codes as text[]))
