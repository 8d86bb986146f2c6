-- A city as it stands after years, with a region tree of real shape: temporary table place (code, name, parent) comes from pages.py.
-- Records of {benefits} benefits follow from records.sql.
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '128MB';
insert into store.region(region_code, name, level, parent_code, event_source, event_at, arrival)
select code, name, level, parent, '/bench', '2020-01-01', 0 from place;
select store.flatten_regions();
insert into store.unit(unit_code, name, region_code, kind, event_source, event_at, arrival)
select 'U' || code, name || '办事处', code, 'township_office', '/bench', '2020-01-01', 0 from place where level = 'township';

create temp table village as
select code, parent as town, (row_number() over (order by sha256(code::bytea)) - 1)::int as n from place where level = 'village';
create unique index on village (n);
create temp table n as
select i, 'B' || i as benefit_id, 'H' || i as household_id, 'P' || i as person_id, left(encode(sha256(('p' || i)::bytea), 'base64'), 22) as person_key,
    left(encode(sha256(('a' || i)::bytea), 'base64'), 22) as account_key,
    left(encode(sha256(('n' || i % 5000)::bytea), 'base64'), 22) as name_key, v.code as region_code, v.town,
    (array['dibao', 'dibao', 'dibao', 'tekun', 'old_age', 'disability_care'])[1 + i % 6] as programme
from generate_series(1, {benefits}) i join village v on v.n = i % (select count(*) from village);
analyze n;
