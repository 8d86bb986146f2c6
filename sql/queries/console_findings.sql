-- name: matching
-- The one meaning of a question about findings. Tiles, map, trend, list and export all read it, so that
-- every number equals the list it opens. Comes first in the others as a common table expression.
-- Served by finding_open (what stands) and finding_opened alone where nothing more is asked for than they hold; finding_subject,
-- finding_changed, finding_decided, finding_handed. Budget: 80 ms at 1,000,000 findings.
select f.finding_id, f.rule, f.rule_version, f.subject_kind, f.subject_key, f.item, f.period, f.card, f.ladder_card,
    f.stale_since, f.stage, f.present, f.opened_at, f.card_since, f.cleared_at, f.region_code, f.unit_code,
    f.amount_at_risk_fen, f.times, f.first_seen_at, f.evidence, f.waits, f.due_at, f.outcome, f.is_silenced, f.noticed_at, coalesce(f.assignee, f.unit_code) as answering_unit,
    f.yellow_at, f.red_at, f.assigned_at, f.replied_at, f.rectified_at, f.raised_at, f.decided_at, f.kept_due
from watch.finding_shown f
where (cast(:present as boolean) is null or f.present = cast(:present as boolean))
  and (cast(:rules as text[]) is null or f.rule = any(cast(:rules as text[])))
  and (cast(:cards as text[]) is null or coalesce(f.card = any(cast(:cards as text[])), false))  -- so said, taken for half of them, not one in a hundred
  and (cast(:stages as text[]) is null or f.stage = any(cast(:stages as text[])))
  and (cast(:subject_kind as text) is null or f.subject_kind = cast(:subject_kind as text))
  and (cast(:subject_key as text) is null or f.subject_key in (cast(:subject_key as text), facts.one_person(cast(:subject_key as text))))
  and (cast(:unit as text) is null or coalesce(f.assignee, f.unit_code) = cast(:unit as text))
  and (cast(:own as text) is null or f.unit_code = cast(:own as text) or f.assignee = cast(:own as text))   -- as the policy says, for an index
  and (cast(:programme as text) is null or f.programme = cast(:programme as text))
  and (cast(:opened_from as timestamptz) is null or f.opened_at >= cast(:opened_from as timestamptz))
  and (cast(:opened_to as timestamptz) is null or f.opened_at < cast(:opened_to as timestamptz))
  and (cast(:since as timestamptz) is null
       or greatest(f.last_seen_at, f.stage_at, f.cleared_at) >= cast(:since as timestamptz))
  and (not cast(:amount as boolean) or f.amount_at_risk_fen > 0)
  and (coalesce(cast(:outcome as text), 'verified') = 'verified' or case cast(:outcome as text) when 'undecided' then f.outcome is null
       when 'confirmed' then f.outcome = 'true' when 'unfounded' then f.outcome in ('not_true', 'data_problem') else f.outcome <> 'true' end)
  and (cast(:outcome as text) is null or cast(:outcome as text) = 'undecided' or f.outcome is not null)   -- said by itself for finding_decided
  and (coalesce(cast(:done as text), '') <> 'handed_over' or f.assigned_at is not null)
  and (coalesce(cast(:done as text), '') <> 'corrected' or (f.outcome is not null and f.rectified_at is not null))
  and (cast(:kept as boolean) is null or (f.kept_due is not null and f.kept_due = cast(:kept as boolean)))   -- the first for finding_kept
  and (cast(:silenced as boolean) is null or f.is_silenced = cast(:silenced as boolean))
  and (cast(:waits as text) is null or f.waits = cast(:waits as text))
  and (cast(:ladder as text) is null or f.ladder_card = cast(:ladder as text))   -- as the rule said, whatever is late: for an index
  and (cast(:apart as boolean) is null or (f.several or f.silenced_until is not null) = cast(:apart as boolean))   -- true: only what no sum holds
  and (cast(:due_before as timestamptz) is null or (f.waits in ('reply', 'correct') and f.due_at <= cast(:due_before as timestamptz)))
  and (cast(:region as text) is null
       or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))
       or f.finding_id in (
           select r.finding_id from watch.finding_region r
           join facts.region_path p on p.region_code = r.region_code and p.ancestor_code = cast(:region as text)))

-- name: drawn
-- A sample of population, which is matching: those whose md5 of seed and number comes first, so that others draw the same. All of it is read.
-- Budget: 1 s of 100,000.
select * from population order by md5(cast(:seed as text) || finding_id) limit cast(:drawn as int)

-- name: tallied
-- The same question answered from sums and the lines not yet added to them (migration 0096), beside matching with :apart true for what is
-- in no sum; only for questions that console.queries.tally lets through. Index: finding_tally_identity. Budget: 30 ms.
select t.rule, t.rule_version, t.present, case when s.stale_since is not null and t.ladder_card in ('yellow', 'red') then 'notice' else t.ladder_card end as card,
    s.stale_since, t.n, t.amount_fen, t.amount_n, t.handed_over, t.corrected, t.confirmed_fen, t.place, t.own, t.region_code, t.stage, t.money
from (
    select place, own, null as region_code, rule, rule_version, present, ladder_card, stage, programme, money, n, amount_fen, amount_n,
        handed_over, corrected, confirmed_fen
    from seen.finding_tally where place = any(cast(:places as text[]))
    union all
    select null, null, region_code, rule, rule_version, present, ladder_card, stage, programme, money, n, amount_fen, amount_n,
        handed_over, corrected, confirmed_fen
    from seen.finding_delta
    where cast(:region as text) is null
        or region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))) t
left join (select code, min(stale_since) as stale_since from watch.rule_state r join watch.rule_stale using (file) group by code) s on s.code = t.rule
where (cast(:present as boolean) is null or t.present = cast(:present as boolean))
    and (cast(:rules as text[]) is null or t.rule = any(cast(:rules as text[])))
    and (cast(:stages as text[]) is null or t.stage = any(cast(:stages as text[])))
    and (cast(:programme as text) is null or t.programme = cast(:programme as text))
    and (not cast(:amount as boolean) or t.money)
    and (cast(:cards as text[]) is null or coalesce(case when s.stale_since is not null and t.ladder_card in ('yellow', 'red') then 'notice'
        else t.ladder_card end = any(cast(:cards as text[])), false))
union all
select rule, rule_version, present, card, stale_since, 1, coalesce(amount_at_risk_fen, 0), (amount_at_risk_fen is not null)::int,
    (assigned_at is not null)::int, (rectified_at is not null)::int, case when outcome = 'true' then coalesce(amount_at_risk_fen, 0) else 0 end,
    null, null, coalesce(many.region_code, matching.region_code), stage, coalesce(amount_at_risk_fen > 0, false)
from matching left join watch.finding_region many on cast(:each as boolean) and many.finding_id = matching.finding_id

-- name: by_rule_tallied
-- As by_rule. Index and budget: as tallied.
select rule, sum(n)::bigint as n, sum(amount_fen)::bigint as amount_fen, sum(n - amount_n)::bigint as n_no_amount,
    coalesce(sum(n) filter (where stale_since is not null), 0)::bigint as n_stale, min(stale_since) as stale_since
from tallied group by 1 having sum(n) > 0 order by 2 desc, 1 limit 400

-- name: whole
-- Whether the sums may be read for :region (null: everything one sees), and the places that add up to it. Index: region_order. Budget: 10 ms.
select (select good from watch.tally_state) and (select access.unit()) is null and not exists (
        select from unnest(places) place join facts.region on region.region_code = place where region.level = 'village') as good, places
from (select array(select access.tops(cast(:region as text))) as places) tops

-- name: below
-- The same for the places directly below :parent and what lies in :parent itself; the places are those of which sums are read.
select (select good from watch.tally_state) and (select access.unit()) is null and not exists (
        select from unnest(places) place join facts.region on region.region_code = place where region.level = 'village') as good, places
from (select array(select access.tops(cast(:parent as text)) union select cast(:parent as text)
        union select region_code from facts.region where parent_code = cast(:parent as text)) as places) shown

-- name: totals
-- How many rows a question has, and the money they add up to. Index and budget: as matching.
select count(*) as n, coalesce(sum(amount_at_risk_fen), 0)::bigint as amount_fen,
    count(*) filter (where amount_at_risk_fen is null) as n_no_amount,
    count(*) filter (where stale_since is not null) as n_stale, min(stale_since) as stale_since
from matching

-- name: counted
-- How many rows a question has, up to :most. Index: as matching. Budget: 20 ms for 10,000.
select count(*) from (select from matching limit :most) found

-- name: page
-- One block of the list; the caller adds one of its fixed orders and the bounds. Index: finding_open. Budget: 80 ms.
select finding_id, rule, rule_version, subject_kind, subject_key, item, period, card, ladder_card, stale_since, stage,
    present, opened_at, card_since, cleared_at, region_code, unit_code, amount_at_risk_fen, times, evidence, is_silenced,
    case card when 'red' then 3 when 'yellow' then 2 when 'notice' then 1 else 0 end as card_rank
from matching

-- name: latest
-- What stands and was last noticed. Index: finding_noticed. Budget: 60 ms.
select finding_id, rule, rule_version, subject_kind, subject_key, item, period, card, ladder_card, stale_since, stage,
    present, opened_at, card_since, cleared_at, region_code, unit_code, amount_at_risk_fen, times, evidence, noticed_at
from matching
order by noticed_at desc, finding_id
limit :limit

-- name: by_child
-- Findings per region below :parent, with those whose sources are late, and whether anything is known from there;
-- and those of :parent itself that lie in no smaller region. A finding of several regions counts in each.
-- Index: finding_open, household_region. Budget: 100 ms.
, tally as materialized (                 -- once, and first by place, then up the tree: a few hundred rows climb, not all
    select coalesce(many.region_code, matching.region_code) as region_code, count(*) as n,
        count(*) filter (where card = 'red') as red, count(*) filter (where card = 'yellow') as yellow,
        count(*) filter (where card = 'notice') as notice,
        count(*) filter (where stale_since is not null) as n_stale,
        coalesce(sum(amount_at_risk_fen), 0)::bigint as amount_fen
    from matching left join watch.finding_region many on many.finding_id = matching.finding_id
    group by 1),
placed as (
    select up.ancestor_code as region_code, up.depth = 0 as own, tally.n, red, yellow, notice, n_stale, amount_fen
    from tally join facts.region_path up on up.region_code = tally.region_code),
shown as (
    select region_code, name, level, false as own from facts.region where parent_code = cast(:parent as text)
    union all select region_code, name, level, true from facts.region where region_code = cast(:parent as text)),
counted as (
    select shown.region_code, shown.name, shown.level, shown.own, coalesce(sum(placed.n), 0)::bigint as n,
        coalesce(sum(placed.red), 0)::bigint as red, coalesce(sum(placed.yellow), 0)::bigint as yellow,
        coalesce(sum(placed.notice), 0)::bigint as notice, coalesce(sum(placed.n_stale), 0)::bigint as n_stale,
        coalesce(sum(placed.amount_fen), 0)::bigint as amount_fen
    from shown left join placed on placed.region_code = shown.region_code and (placed.own or not shown.own)
    group by shown.region_code, shown.name, shown.level, shown.own)
select counted.*, exists (
        select from seen.household where household.region_code = any(array(
            select below.region_code from facts.region_path below join access.here on here.region_code = below.region_code
            where below.ancestor_code = counted.region_code))) as seen
from counted
where not own or n > 0
order by n desc, region_code
limit 400

-- name: by_child_tallied
-- As by_child. A place seen as a whole is read by its own sums, one seen in part by the sums of what is seen of it. Index and budget: as tallied.
, shown as (
    select region_code, name, level, false as own from facts.region where parent_code = cast(:parent as text)
    union all select region_code, name, level, true from facts.region where region_code = cast(:parent as text)),
up as (
    select path.region_code, shown.region_code as child, shown.own from facts.region_path path
    join shown on shown.region_code = path.ancestor_code and (path.depth = 0 or not shown.own)),
alike as materialized (                   -- first by place: a few hundred rows climb
    select place, own, region_code, card, stale_since, sum(n) as n, sum(amount_fen) as amount_fen from tallied group by 1, 2, 3, 4, 5),
placed as (
    select place as region_code, own, n, card, stale_since, amount_fen from alike where place = cast(:parent as text) and own
    union all
    select up.child, false, n, card, stale_since, amount_fen
    from alike join up on up.region_code = alike.place and not up.own where alike.place <> cast(:parent as text)
    union all
    select up.child, up.own, n, card, stale_since, amount_fen from alike join up on up.region_code = alike.region_code where alike.place is null),
summed as (
    select region_code, own, sum(n) as n, sum(n) filter (where card = 'red') as red, sum(n) filter (where card = 'yellow') as yellow,
        sum(n) filter (where card = 'notice') as notice, sum(n) filter (where stale_since is not null) as n_stale, sum(amount_fen) as amount_fen
    from placed group by 1, 2),
counted as (
    select shown.region_code, shown.name, shown.level, shown.own, coalesce(n, 0)::bigint as n, coalesce(red, 0)::bigint as red,
        coalesce(yellow, 0)::bigint as yellow, coalesce(notice, 0)::bigint as notice, coalesce(n_stale, 0)::bigint as n_stale,
        coalesce(amount_fen, 0)::bigint as amount_fen
    from shown left join summed using (region_code, own))
select counted.*, exists (
        select from seen.household where household.region_code = any(array(
            select below.region_code from facts.region_path below join access.here on here.region_code = below.region_code
            where below.ancestor_code = counted.region_code))) as seen
from counted
where not own or n > 0
order by n desc, region_code
limit 400

-- name: by_unit
-- Findings per unit, for the last step of the drill. Index: finding_region. Budget: 50 ms.
select answering_unit as unit_code, unit.name, count(*) as n, count(*) filter (where card = 'red') as red,
    count(*) filter (where card = 'yellow') as yellow, count(*) filter (where card = 'notice') as notice,
    coalesce(sum(amount_at_risk_fen), 0)::bigint as amount_fen
from matching left join facts.unit on unit.unit_code = answering_unit
group by answering_unit, unit.name
order by 3 desc, 1 nulls last
limit 200

-- name: by_day
-- Findings by the day they opened, and the card they show now. Index: finding_open. Budget: 80 ms.
select (begin at time zone 'Asia/Shanghai')::date as day, card, n
from (   -- days cut by arithmetic (China has one offset): a calendar asked for each finding costs as much as all the rest
    select date_bin('1 day', opened_at, timestamptz '2000-01-01 00:00+08') as begin, coalesce(card, 'cleared') as card, count(*) as n
    from matching group by 1, 2) counted
order by 1
limit 2000

-- name: by_card
-- Findings by card. Index and budget: as matching.
select coalesce(card, 'cleared') as card, count(*) as n from matching group by 1

-- name: found_since
-- Findings first seen by us since :found_since, by the card they show now. Index and budget: as matching.
select coalesce(card, 'cleared') as card, count(*) as n from matching
where first_seen_at >= cast(:found_since as timestamptz) group by 1

-- name: by_rule
-- Totals by rule, most first. Index and budget: as matching.
select rule, count(*) as n, coalesce(sum(amount_at_risk_fen), 0)::bigint as amount_fen,
    count(*) filter (where amount_at_risk_fen is null) as n_no_amount,
    count(*) filter (where stale_since is not null) as n_stale, min(stale_since) as stale_since
from matching group by 1 order by 2 desc, 1 limit 400

-- name: facets
-- Totals by rule, card and whether there is money: several tiles from one pass. Index and budget: as matching.
select rule, card, coalesce(amount_at_risk_fen > 0, false) as money, count(*) as n, coalesce(sum(amount_at_risk_fen), 0)::bigint as amount_fen
from matching group by 1, 2, 3 limit 4000

-- name: facets_tallied
-- As facets. Index and budget: as tallied.
select rule, card, money, sum(n)::bigint as n, sum(amount_fen)::bigint as amount_fen from tallied group by 1, 2, 3 having sum(n) > 0 limit 4000

-- name: waiting
-- What findings wait for, and how many of them are late. Index: finding_stage, finding_due. Budget: 80 ms.
select waits, count(*) as n, count(*) filter (where due_at <= cast(:now as timestamptz) and waits in ('reply', 'correct')) as late
from matching where waits is not null group by 1

-- name: by_stage_tallied
-- How many findings are in which stage. Index and budget: as tallied.
select stage, sum(n)::bigint as n from tallied group by 1

-- name: board
-- The most urgent findings: what is due first, then red cards first; only those are read whole. Index: finding_urgent, finding_stage.
-- Budget: 80 ms.
, urgent as (
    select finding_id from matching
    order by due_at nulls last, case card when 'red' then 0 when 'yellow' then 1 when 'notice' then 2 else 3 end, opened_at, finding_id limit :most)
select finding_id, rule, rule_version, subject_kind, subject_key, item, period, card, ladder_card, stale_since, stage, present, opened_at,
    card_since, cleared_at, region_code, unit_code, amount_at_risk_fen, times, evidence, waits, due_at, coalesce(assignee, unit_code) as answering_unit
from watch.finding_shown where finding_id = any(array(select finding_id from urgent))
order by due_at nulls last, case card when 'red' then 0 when 'yellow' then 1 when 'notice' then 2 else 3 end, opened_at, finding_id

-- name: waiting_by_unit
-- What the findings of each unit wait for, the latest units first. Index: finding_stage, finding_assignee. Budget: 80 ms.
, counted as materialized (
    select answering_unit as unit_code, count(*) filter (where waits = 'reply') as reply,
        count(*) filter (where waits = 'verify') as verify, count(*) filter (where waits = 'correct') as correct,
        count(*) filter (where waits = 'close') as close, count(*) filter (where due_at <= cast(:now as timestamptz) and waits in ('reply', 'correct')) as late
    from matching where waits in ('reply', 'verify', 'correct', 'close') group by 1)
select counted.unit_code, unit.name, reply, verify, correct, close, late
from counted left join facts.unit on unit.unit_code = counted.unit_code
order by late desc, reply desc, 1 nulls last
limit :most

-- name: scores
-- Cards of each unit by what people found; the colour is the highest the card had. Counted before names are looked up, and without an
-- order: answers, of which there are few, are sorted by themselves. Index and budget: as matching.
, cards as (
    select m.answering_unit as key, m.outcome, coalesce(m.red_at <= coalesce(m.cleared_at, cast(:now as timestamptz)), false) as red,
        coalesce(least(m.yellow_at, m.red_at) <= coalesce(m.cleared_at, cast(:now as timestamptz)), false) as card,
        extract(epoch from m.replied_at - m.assigned_at)::float8 as answer_s
    from matching m),
alike as materialized (select key, outcome, red, card, answer_s, count(*) as n from cards group by 1, 2, 3, 4, 5),   -- hashed, not sorted
counted as (
    select key, coalesce(sum(n) filter (where outcome = 'true' and card and not red), 0)::bigint as confirmed_yellow,
        coalesce(sum(n) filter (where outcome = 'true' and red), 0)::bigint as confirmed_red,
        coalesce(sum(n) filter (where outcome is null and card and not red), 0)::bigint as open_yellow,
        coalesce(sum(n) filter (where outcome is null and red), 0)::bigint as open_red,
        coalesce(sum(n) filter (where outcome = 'true'), 0)::bigint as confirmed, coalesce(sum(n) filter (where outcome is null), 0)::bigint as undecided,
        coalesce(sum(n) filter (where outcome <> 'true'), 0)::bigint as lifted
    from alike group by 1),
answered as (
    select key, percentile_cont(0.5) within group (order by answer_s) as answer_s from alike cross join generate_series(1, n) where answer_s is not null group by 1)
select counted.key, unit.name, confirmed_yellow, confirmed_red, open_yellow, open_red, confirmed, undecided, lifted, answer_s
from counted left join facts.unit unit on unit.unit_code = counted.key left join answered on answered.key is not distinct from counted.key
order by :full - :yellow * confirmed_yellow - :red * confirmed_red, undecided desc, 1
limit :most

-- name: place_scores
-- The places below :parent: the scores of their units added up, with the units that have no card here at :full; and all their cards by
-- what people found. Cards are counted by the smallest place first: a few hundred rows climb the tree. Index and budget: as scores.
, cards as (
    select coalesce(many.region_code, m.region_code) as region_code, m.answering_unit as unit_code, m.outcome,
        coalesce(m.red_at <= coalesce(m.cleared_at, cast(:now as timestamptz)), false) as red,
        coalesce(least(m.yellow_at, m.red_at) <= coalesce(m.cleared_at, cast(:now as timestamptz)), false) as card,
        extract(epoch from m.replied_at - m.assigned_at)::float8 as answer_s
    from matching m left join watch.finding_region many on many.finding_id = m.finding_id),
alike as materialized (select region_code, unit_code, outcome, red, card, answer_s, count(*) as n from cards group by 1, 2, 3, 4, 5, 6),   -- hashed, not sorted
climbed as materialized (
    select below.region_code as key, alike.*
    from alike join facts.region_path up on up.region_code = alike.region_code
    join facts.region below on below.region_code = up.ancestor_code and below.parent_code = cast(:parent as text)),
placed as materialized (
    select key, unit_code, coalesce(sum(n) filter (where outcome = 'true'), 0) as confirmed, coalesce(sum(n) filter (where outcome is null), 0) as undecided,
        coalesce(sum(n) filter (where outcome <> 'true'), 0) as lifted,
        coalesce(sum(n) filter (where outcome = 'true' and card and not red), 0) as confirmed_yellow,
        coalesce(sum(n) filter (where outcome = 'true' and red), 0) as confirmed_red,
        coalesce(sum(n) filter (where outcome is null and card and not red), 0) as open_yellow,
        coalesce(sum(n) filter (where outcome is null and red), 0) as open_red
    from climbed group by 1, 2),
answered as (
    select key, percentile_cont(0.5) within group (order by answer_s) as answer_s from climbed cross join generate_series(1, n) where answer_s is not null group by 1),
points as (
    select key, unit_code, :yellow * sum(confirmed_yellow) + :red * sum(confirmed_red) as lost,
        :yellow * sum(confirmed_yellow + open_yellow) + :red * sum(confirmed_red + open_red) as lost_at_worst
    from placed where unit_code is not null group by 1, 2),
located as (
    select below.region_code as key, unit.unit_code
    from facts.unit unit join facts.region_path up on up.region_code = unit.region_code
    join facts.region below on below.region_code = up.ancestor_code and below.parent_code = cast(:parent as text)
    where (select access.unit()) is null or unit.unit_code = (select access.unit())),         -- of others somebody of a unit sees no card
scored as (
    select key, count(*) as units, count(*) filter (where lost > 0) as units_below, sum(greatest(0, :full - coalesce(lost, 0)))::bigint as score_sum,
        sum(greatest(0, :full - coalesce(lost_at_worst, 0)))::bigint as worst_sum, min(greatest(0, :full - coalesce(lost, 0)))::int as lowest
    from points full join located using (key, unit_code)
    group by 1),
summed as (
    select key, sum(confirmed)::bigint as confirmed, sum(undecided)::bigint as undecided, sum(lifted)::bigint as lifted from placed group by 1)
select summed.key, region.name, coalesce(units, 0) as units, coalesce(units_below, 0) as units_below, coalesce(score_sum, 0) as score_sum,
    coalesce(worst_sum, 0) as worst_sum, lowest, confirmed, undecided, lifted, answer_s
from summed left join scored using (key) left join answered using (key) join facts.region region on region.region_code = summed.key
order by score_sum::float8 / nullif(units, 0) nulls last, undecided desc, 1
limit :most
