-- 0004 shown: findings and feeds as they are shown, with staleness joined at read (design §11.13)
-- Phase: before the code.
create function watch.now_at() returns timestamptz language sql stable as $$
    select coalesce((select now_at from watch.clock), now())
$$;

-- A feed that is declared and late: its newest as_of (or, where it has none, its newest event) is older than allowed.
create view watch.feed_shown as
select f.feed_id, f.source, f.department, f.interval_s, f.expected_from, s.last_at, s.as_of, s.events,
    case when watch.now_at() - coalesce(s.last_at, f.expected_from) > 2 * make_interval(secs => f.interval_s)
         then coalesce(s.last_at, f.expected_from) end as silent_since,
    case when s.as_of is not null and watch.now_at() - (s.as_of::timestamp at time zone 'Asia/Shanghai') > make_interval(secs => f.interval_s)
              then s.as_of::timestamp at time zone 'Asia/Shanghai'
         when watch.now_at() - coalesce(s.last_at, f.expected_from) > 2 * make_interval(secs => f.interval_s)
              then coalesce(s.last_at, f.expected_from) end as stale_since
from facts.feed f
left join (select source, max(last_at) as last_at, max(as_of) as as_of, sum(events) as events
           from store.source_state group by source) s on s.source = f.source;

create view watch.rule_stale as          -- rules that need a source which is stale, and since when
select r.file, min(f.stale_since) as stale_since
from watch.rule_state r
join store.source_state s on (s.entity = any(r.needs) or s.entity || '.' || s.kind = any(r.needs))
join watch.feed_shown f on f.source = s.source
where f.stale_since is not null
group by r.file;

create view watch.finding_shown as
select f.*, case when s.stale_since is not null and f.ladder_card in ('yellow', 'red') then 'notice' else f.ladder_card end as card,
    s.stale_since
from watch.finding f
left join (select code, min(stale_since) as stale_since from watch.rule_state r join watch.rule_stale using (file) group by code) s
    on s.code = f.rule;

grant select on watch.feed_shown, watch.rule_stale, watch.finding_shown to aidwatch_worker, aidwatch_console;
grant execute on function watch.now_at() to aidwatch_worker, aidwatch_console;
