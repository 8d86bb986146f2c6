-- Every record of a kind is of the person whose number divides by its step; people who receive something have one in 200 of those
-- that would contradict it (clean).
insert into store.register(record_id, kind, id_number_key, id_number_mask, id_valid, from_date, to_date, amount_fen, attributes, department, as_of, event_source, event_at, arrival)
select k.kind || i, k.kind, person_key, '3714**********00', true, k.from_date, k.to_date, k.amount_fen, k.attributes, k.department, '2026-10-15', '/bench', '2026-10-15', i
from (values
    ('hukou', 1, false, date '2010-01-01', null::date, null::bigint, '{"cancelled": false}'::jsonb, '公安'),
    ('social_insurance', 2, true, '2018-01-01', null, 450000, null, '人社'),
    ('property', 3, true, '2015-01-01', null, null, '{"area_m2": 110, "residential": true, "purchased_on": "2015-01-01"}', '自然资源'),
    ('marriage', 3, false, '2015-01-01', null, null, null, '民政'),
    ('vehicle', 5, true, '2019-01-01', null, null, '{"vehicle_type": "car", "value_fen": 8000000}', '公安'),
    ('financial_asset', 5, true, '2020-01-01', null, 6000000, null, '银行'),
    ('hospital', 5, false, '2026-03-01', '2026-03-09', 600000, null, '医保'),
    ('school', 6, false, '2025-09-01', null, null, null, '教育'),
    ('tax', 7, true, '2026-01-01', null, 800000, null, '税务'),
    ('housing_fund', 8, true, '2018-01-01', null, 500000, null, '公积金'),
    ('business', 12, true, '2019-01-01', null, null, '{"role": "legal_representative", "status": "存续", "turnover_fen": 90000000}', '市监'),
    ('pension', 5, true, '2019-01-01', null, 280000, null, '人社'),
    ('disability_certificate', 30, false, '2019-01-01', null, null, '{"category": "limb", "grade": 1, "valid_to": "2029-01-01"}', '残联'),
    ('payroll', 40, true, '2019-01-01', null, 600000, null, '财政'),
    ('death', 30, true, '2026-06-10', null, null, null, '卫健'),
    ('cremation', 30, true, '2026-06-12', null, null, null, '民政'),
    ('border', 40, true, '2026-02-01', '2026-02-12', null, null, '公安'),
    ('unemployment', 200, true, '2026-02-01', '2026-08-31', 160000, null, '人社'),
    ('custody', 1500, true, '2025-01-01', null, null, null, '司法'),
    ('drug_isolation', 3000, true, '2025-01-01', null, null, null, '公安'),
    ('missing', 6000, true, '2023-01-01', null, null, null, '公安')
) as k(kind, step, clean, from_date, to_date, amount_fen, attributes, department)
join human on (i + 53) % k.step = 0 and (not k.clean or i % 197 = 0 or not (poor or exists (select from award a where a.i = human.i)));
