-- name: remind
-- A reminder of the system, once for each date set: what a unit owes by the end of the next working day. Index: finding_due. Budget: 100 ms.
insert into watch.finding_event (finding_id, at, what, from_stage, to_stage, note, said)
select f.finding_id, watch.now_at(), 'remind', f.stage, f.stage, null, jsonb_build_object('due_on', due.day)
from watch.finding_shown f
cross join lateral (select ((f.due_at - interval '1 second') at time zone 'Asia/Shanghai')::date as day) due
where f.due_at is not null and f.stage in ('assigned', 'verified') and f.waits in ('reply', 'correct') and not f.is_silenced
  and due.day <= (select min(d.day) from facts.working_day d
                  where d.calendar = 'CN' and d.working and d.day > (watch.now_at() at time zone 'Asia/Shanghai')::date)
  and not exists (select from watch.finding_event e where e.finding_id = f.finding_id and e.what = 'remind' and e.by_whom = 'aidwatch'
                  and e.said ->> 'due_on' = due.day::text)
limit 5000

-- name: fan_out
-- What happened since, for whoever wants to know and may: each event once for each subscription. An event may become
-- visible later than one with a higher number, so the time looked back over overlaps. Findings that history opened
-- are news to nobody. Index: finding_event_known. Budget: 200 ms for an hour.
insert into watch.delivery (subscription_id, event_id)
select s.id, news.id
from (
    select e.id, e.known_at, e.to_card, f.finding_id, f.region_code, coalesce(f.assignee, f.unit_code) as unit_code,
        case when e.what in ('opened', 'card', 'returned') then
                case when f.rule in ('T24', 'T25', 'T26') then 'escalations' else 'cards' end
            when e.what in ('hand_over', 'send_back', 'remind', 'rectify_again', 'letter') then 'tasks'
            when e.what in ('reply', 'explain', 'rectify') then 'answers' end as topic
    from watch.finding_event e join watch.finding_shown f on f.finding_id = e.finding_id
    where not (f.is_silenced and e.what in ('card', 'remind')) and e.known_at > %(since)s and (e.what not in ('opened', 'card', 'returned') or f.opened_at > e.at - interval '7 days')
        and not (e.what = 'card' and (e.to_card is null or (e.from_card = 'red') or (e.from_card = 'yellow' and e.to_card = 'notice')))
) news
join access.subscription s on news.topic = any(s.topics) and news.known_at >= s.created_at
    and (news.topic <> 'cards' or news.to_card = any(s.cards))
join access.account a on a.name = s.account and a.disabled_at is null and (a.unit_code is null or a.unit_code = news.unit_code)
where not exists (select from watch.delivery d where d.subscription_id = s.id and d.event_id = news.id)  -- else old ones fill the limit
  and ('*' = any(a.regions)
    or news.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = any(a.regions))
    or exists (select from watch.finding_region r join facts.region_path p on p.region_code = r.region_code
               where r.finding_id = news.finding_id and p.ancestor_code = any(a.regions)))
order by news.id
limit 20000
on conflict do nothing

-- name: due
-- Subscriptions with something to send now, out of their quiet hours and not waiting after a failure. Index: delivery_waiting.
select s.id, s.channel_sealed, s.lang, s.tries, s.test_wanted_at is not null as is_test
from access.subscription s
where coalesce(s.next_try_at, 'epoch') <= now()
    and (s.quiet_from is null or case when s.quiet_from < s.quiet_to
        then (now() at time zone 'Asia/Shanghai')::time not between s.quiet_from and s.quiet_to
        else (now() at time zone 'Asia/Shanghai')::time between s.quiet_to and s.quiet_from end)
    and (s.test_wanted_at is not null or exists (
        select from watch.delivery d where d.subscription_id = s.id and d.sent_at is null and d.given_up_at is null
            and d.at <= now() - make_interval(mins => s.digest_min)))
order by s.id
limit 1000
for update of s skip locked

-- name: news
-- What waits for one subscription, oldest first. Index: delivery_waiting. Budget: 10 ms.
select e.id, e.what, e.to_card, e.note, e.said, f.finding_id, f.rule, f.subject_kind, f.due_at, r.name as place, u.name as unit
from watch.delivery d join watch.finding_event e on e.id = d.event_id join watch.finding f on f.finding_id = e.finding_id
left join facts.region r on r.region_code = f.region_code
left join facts.unit u on u.unit_code = coalesce(f.assignee, f.unit_code)
where d.subscription_id = %(id)s and d.sent_at is null and d.given_up_at is null
order by e.id
limit 500

-- name: sent
update watch.delivery set sent_at = now() where subscription_id = %(id)s and event_id = any(%(events)s)

-- name: went_well
update access.subscription set last_ok_at = now(), failing_since = null, last_error = null, tries = 0, next_try_at = null, test_wanted_at = null
where id = %(id)s

-- name: failed
-- The next try waits twice as long as the one before, an hour at most.
update access.subscription set failing_since = coalesce(failing_since, now()), last_error = %(error)s, tries = tries + 1,
    next_try_at = now() + least(interval '1 hour', make_interval(secs => 30 * 2 ^ least(tries, 7))), test_wanted_at = null
where id = %(id)s

-- name: give_up
-- News of more than a day ago that could not be delivered is not sent any more: it stands in the console.
update watch.delivery set given_up_at = now() where sent_at is null and given_up_at is null and at < now() - interval '24 hours'

-- name: looked
select at from watch.notified

-- name: look
insert into watch.notified (at) values (now()) on conflict (singleton) do update set at = now()

-- name: state
-- Deliveries by what became of them in the last day, and channels that fail. Index: delivery_old. Budget: 20 ms.
select case when sent_at is not null then 'sent' when given_up_at is not null then 'given_up' else 'waiting' end as state, count(*) as n
from watch.delivery where at > now() - interval '1 day' group by 1

-- name: subscriptions
-- Who is told what, for the console. Few rows.
select s.id, s.account, s.channel_mask, s.lang, s.topics, s.cards, s.digest_min, s.quiet_from, s.quiet_to, s.test_wanted_at, s.last_ok_at,
    s.failing_since, s.last_error, a.disabled_at,
    (select count(*) from watch.delivery d where d.subscription_id = s.id and d.sent_at is null and d.given_up_at is null) as waiting
from access.subscription s join access.account a on a.name = s.account
order by s.account, s.id
limit 501

-- name: add
insert into access.subscription (account, channel_sealed, channel_mask, lang, topics, cards, digest_min, quiet_from, quiet_to, created_by,
    test_wanted_at)
select name, :sealed, :mask, :lang, :topics, :cards, :digest_min, :quiet_from, :quiet_to, :who, now() from access.account where name = :account

-- name: remove
delete from access.subscription where id = cast(:id as bigint)

-- name: try_out
update access.subscription set test_wanted_at = now() where id = cast(:id as bigint)
