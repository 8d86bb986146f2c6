-- 0011 an index no rule and no page asks any more
-- Phase: after the code.
drop index store.payment_household;
