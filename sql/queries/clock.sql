-- name: release
-- Back to real time. Where that is a step back, waiting cannot work it off: everything is asked again.
with gone as (delete from watch.clock returning now_at)
insert into watch.resweep (file, reason)
select distinct file, 'clock released' from watch.rule_state where exists (select from gone where now_at > now())
