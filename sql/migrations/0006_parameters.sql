-- 0006 parameters: local values of rule parameters in the types rules use
-- Phase: before the code.
create view facts.parameter_value as
select rule, name, region_code, programme, path, valid_from,
    case when jsonb_typeof(value) = 'number' then (value #>> '{}')::numeric end as value_num,
    case when jsonb_typeof(value) in ('string', 'boolean') then value #>> '{}' end as value_text,
    case when jsonb_typeof(value) = 'array' then (select array_agg(e) from jsonb_array_elements_text(value) e) end as value_list
from store.parameter;
grant select on facts.parameter_value to aidwatch_worker, rule_reader, aidwatch_console;
