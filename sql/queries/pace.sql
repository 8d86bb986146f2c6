-- How long what the clock makes anew took the last time, and whether it may be made again. One row each; budget: 1 ms.

-- name: is_due
select coalesce((
    select now() >= at + cast(told ->> 'seconds' as double precision) / %(share)s * interval '1 second'
    from watch.counted where name = 'pace ' || %(name)s), true)

-- name: keep
insert into watch.counted (name, at, told) values ('pace ' || %(name)s, now(), jsonb_build_object('seconds', cast(%(seconds)s as double precision)))
on conflict (name) do update set at = excluded.at, told = excluded.told
