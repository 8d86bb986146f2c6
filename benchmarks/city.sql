-- A city of any size and age, written straight into the facts and the ledger: what intake would have left behind.
-- {benefits} and the table account_of (i, account_key) come from benchmarks.city.
-- Every person has a pseudonym of 22 characters, as intake makes them.
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
values ('371400000000', '德州市', 'city', null, '/bench', '2020-01-01', 0);
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
select '3714' || lpad(c::text, 2, '0') || '000000', 'county ' || c, 'county', '371400000000', '/bench', '2020-01-01', 0 from generate_series(1, 12) c;
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
select '3714' || lpad(c::text, 2, '0') || lpad(t::text, 3, '0') || '000', 'town', 'township', '3714' || lpad(c::text, 2, '0') || '000000', '/bench', '2020-01-01', 0
from generate_series(1, 12) c, generate_series(1, 11) t;
select store.flatten_regions();

create temp table n as
select i, 'B' || i as benefit_id, 'H' || i as household_id, 'P' || i as person_id, left(encode(sha256(('p' || i)::bytea), 'base64'), 22) as person_key,
    a.account_key, a.name_key,
    '3714' || lpad((1 + i % 12)::text, 2, '0') || lpad((1 + (i / 12) % 11)::text, 3, '0') || '000' as region_code,
    (array['dibao', 'dibao', 'dibao', 'tekun', 'old_age', 'disability_care'])[1 + i % 6] as programme
from generate_series(1, {benefits}) i join account_of a using (i);
