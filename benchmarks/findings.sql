-- {findings} findings of a few years over the places of table n: one in five still holds, one in a hundred lies in two places.
create temp table f as
select f as i, left(encode(sha256(('f' || f)::bytea), 'hex'), 24) as finding_id, f % 5 = 0 as present, r.rule, r.kind,
    case r.kind when 'benefit' then n.benefit_id when 'application' then 'A' || n.i when 'person' then n.person_key
        when 'household' then n.household_id else n.account_key end as subject_key,
    n.programme, n.region_code, n.town, timestamptz '2026-11-05 09:00+08' - (power(f::numeric / {findings}, 2) * 1000) * interval '1 day' as opened_at,
    (array['red', 'yellow', 'yellow', 'notice'])[1 + (f / 5) % 4] as card, (f / 5) % 3 as money
from generate_series(1, {findings}) g(f)
join n on n.i = 1 + (f * 7919::bigint) % {benefits}
join (values (0, 'F02', 'benefit'), (1, 'T04', 'application'), (2, 'T07', 'application'), (3, 'E01', 'person'), (4, 'D01', 'household'),
    (5, 'F06', 'account'), (6, 'P02', 'application'), (7, 'F01', 'benefit'), (8, 'E02', 'person')) r(n, rule, kind) on r.n = (f / 5) % 9;
insert into watch.finding (finding_id, rule, rule_version, subject_kind, subject_key, item, ladder_card, present, amount_at_risk_fen, region_code,
    unit_code, evidence, opened_at, card_since, first_seen_at, last_seen_at, noticed_at, cleared_at, stage)
select finding_id, rule, 1, kind, subject_key, i::text, case when present then card end, present, case when money > 0 then 60000 + i % 7 * 1000 end, region_code,
    'U' || town, jsonb_build_object('programme', programme, 'months', 2, 'paid_fen', 120000, 'last_paid_at', opened_at), opened_at,
    opened_at, opened_at, opened_at + interval '1 day', opened_at, case when not present then opened_at + interval '20 days' end,
    case when not present then 'closed' else (array['open', 'open', 'assigned', 'replied'])[1 + (i / 20) % 4] end
from f;
insert into watch.finding_event (finding_id, at, what, to_card) select finding_id, opened_at, 'opened', card from f order by opened_at;
insert into watch.finding_region select finding_id, region_code from f where i % 100 = 0
union select finding_id, (select code from village where n = i % 1000) from f where i % 100 = 0;
