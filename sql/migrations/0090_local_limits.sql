-- 0090 local_limits: pages go by the parameters of a rule as a place has them; facts.parameter, which the console may read, holds the same
-- Phase: before the code.
grant select on facts.parameter_value to aidwatch_console;
