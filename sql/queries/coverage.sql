-- name: forget
-- Of every register. Index: none; the table is small.
delete from watch.register_compared

-- name: count
-- How many people of ours each kind of register knows, where they live, and how many records it has. Reads every record once:
-- budget 5 minutes at 21 million, every few hours then.
insert into watch.register_compared (kind, region_code, persons, records, counted_at)
select r.kind, coalesce(home.region_code, ''), count(distinct home.person_key), count(*), watch.now_at()
from facts.register r
left join (
    select i.person_key, min(coalesce(p.residence_region, p.hukou_region, h.region_code, '?')) as region_code
    from facts.identity i
    join facts.person p on p.person_id = i.person_id
    left join facts.household_member m on m.person_id = i.person_id and m.to_date is null
    left join facts.household h on h.household_id = m.household_id
    group by i.person_key
) home on home.person_key = r.person_key
where r.kind is not null
group by 1, 2
