-- Who may hold two benefits: {n} households of three people, dibao of households, and subsidies of people of which one in four belongs to
-- somebody who has another benefit as well. town comes from benchmarks.places.
set synchronous_commit = off;
insert into store.identity select 'P' || i, md5(i::text) from generate_series(1, {n} * 3) i;
insert into store.household_member(member_id, household_id, person_id, counted, from_date, event_source, event_at, arrival)
select 'M' || i, 'H' || (i + 2) / 3, 'P' || i, true, '2020-01-01', '/bench', '2020-01-01', i from generate_series(1, {n} * 3) i;
insert into store.benefit(benefit_id, programme, household_id, person_id, region_code, monthly_amount_fen, start_period, end_period, from_at, event_source, event_at, arrival)
select 'B' || i, kind, 'H' || i, case when kind <> 'dibao' then 'P' || i * 3 end, town.code, 20000 + i % 500 * 100,
    to_char(date '2021-01-01' + i % 60 * interval '1 month', 'YYYY-MM'),
    case when i % 5 = 0 then to_char(date '2021-06-01' + i % 60 * interval '1 month' + i % 17 * interval '1 month', 'YYYY-MM') end, '1900-01-01', '/bench', '2025-01-05', i
from (select i, case when i % 40 < 3 then 'dibao' when i % 40 < 9 then (array['disability_care', 'disability_living', 'old_age'])[1 + i % 3] end as kind
    from generate_series(1, {n}) i) b join town on town.n = i % (select count(*) from town) where kind is not null;
insert into store.benefit(benefit_id, programme, household_id, person_id, region_code, monthly_amount_fen, start_period, from_at, event_source, event_at, arrival)
select 'C' || i, (array['disability_care', 'old_age', 'disability_living', 'tekun'])[case when i % 1000 = 1 then 4 else 1 + i % 3 end], 'H' || i, 'P' || i * 3, town.code, 15000,
    to_char(date '2022-01-01' + i % 50 * interval '1 month', 'YYYY-MM'), '1900-01-01', '/bench', '2025-01-05', i
from generate_series(1, {n}) i join town on town.n = (i + (i % 500 = 1)::int) % (select count(*) from town) where i % 40 < 9 and i % 3 = 1 or i % 13 = 0;
insert into store.source_state(source, entity, last_at, events) values ('/bench', 'benefit', now(), 1);
