-- name: fold
-- Add the lines up to now to the sums of their place and of all places above, and forget them. Index: finding_tally_identity.
-- Budget: 1 s for 10,000 lines.
with taken as (delete from watch.finding_delta returning *),
alike as (
    select region_code, rule, rule_version, present, ladder_card, stage, programme, money, sum(n) as n, sum(amount_fen) as amount_fen,
        sum(amount_n) as amount_n, sum(handed_over) as handed_over, sum(corrected) as corrected, sum(confirmed_fen) as confirmed_fen
    from taken group by 1, 2, 3, 4, 5, 6, 7, 8)
insert into watch.finding_tally as t (place, own, rule, rule_version, present, ladder_card, stage, programme, money, n, amount_fen, amount_n,
    handed_over, corrected, confirmed_fen)
select up.place, up.own, rule, rule_version, present, ladder_card, stage, programme, money, sum(n), sum(amount_fen), sum(amount_n),
    sum(handed_over), sum(corrected), sum(confirmed_fen)
from alike cross join lateral (
    select '*' as place, false as own
    union all
    select path.ancestor_code, path.depth = 0 from facts.region_path path join facts.region on region.region_code = path.ancestor_code
    where path.region_code = alike.region_code and region.level is distinct from 'village') up
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
on conflict (place, own, rule, rule_version, present, ladder_card, stage, programme, money) do update set n = t.n + excluded.n,
    amount_fen = t.amount_fen + excluded.amount_fen, amount_n = t.amount_n + excluded.amount_n, handed_over = t.handed_over + excluded.handed_over,
    corrected = t.corrected + excluded.corrected, confirmed_fen = t.confirmed_fen + excluded.confirmed_fen

-- name: sweep
-- Sorts there are none of any more.
delete from watch.finding_tally where n = 0

-- name: count
-- Everything anew from the findings, into a table of this transaction. Budget: 20 s at 1,000,000 findings.
create temp table tally_now on commit drop as
with alike as (
    select region_code, rule, rule_version, present, ladder_card, stage, programme, coalesce(amount_at_risk_fen > 0, false) as money,
        count(*) as n, coalesce(sum(amount_at_risk_fen), 0)::bigint as amount_fen, count(amount_at_risk_fen) as amount_n,
        count(assigned_at) as handed_over, count(rectified_at) as corrected,
        coalesce(sum(amount_at_risk_fen) filter (where outcome = 'true'), 0)::bigint as confirmed_fen
    from watch.finding where not several and silenced_until is null group by 1, 2, 3, 4, 5, 6, 7, 8)
select up.place, up.own, rule, rule_version, present, ladder_card, stage, programme, money, sum(n)::bigint as n, sum(amount_fen)::bigint as amount_fen,
    sum(amount_n)::bigint as amount_n, sum(handed_over)::bigint as handed_over, sum(corrected)::bigint as corrected, sum(confirmed_fen)::bigint as confirmed_fen
from (
    select '*' as place, false as own, alike.* from alike
    union all
    select path.ancestor_code, path.depth = 0, alike.* from alike join facts.region_path path on path.region_code = alike.region_code
    join facts.region on region.region_code = path.ancestor_code and region.level is distinct from 'village') up
group by 1, 2, 3, 4, 5, 6, 7, 8, 9

-- name: differ
-- Rows of the sums that are not what was counted. Comes after fold and count, in one snapshot.
select count(*) from (
    (select * from watch.finding_tally where n <> 0 except all select * from tally_now)
    union all (select * from tally_now except all select * from watch.finding_tally)) wrong

-- name: forget
delete from watch.finding_tally

-- name: keep
insert into watch.finding_tally select * from tally_now

-- name: trust
update watch.tally_state set good = true

-- name: good
select good from watch.tally_state
