-- 0061 seen by index: what may be seen is asked of one record at a time, and planned only when it is asked
-- Phase: with the code.
-- As subqueries of the views these checks were planned with every question, each over every month of payments: 200 ms before a
-- question began. Inside a function they are planned once a session, and never for somebody who sees everything.
create or replace view access.here as    -- the regions of the scope; the ranges are read once, not for each region
    select region_code from store.region_order where (select access.ranges()) @> from_n;

create function access.sees_person(person text) returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (select from seen.household_member m where m.person_id = person)
        or exists (select from seen.benefit b where b.person_id = person)
        or exists (select from seen.payment p where p.payee_person_id = person);
end $$;
create function access.sees_human(human text) returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (select from seen.person p where p.person_key = human);
end $$;
create function access.sees_account(account text) returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return exists (select from seen.payment p where p.account_key = account);
end $$;
create function access.sees_payment(payment text) returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare paid_in text := (select month from store.payment_held where key = payment);   -- so that one month is asked, not all
begin
    if paid_in is null then return exists (select from seen.payment p where p.payment_id = payment); end if;
    return exists (select from seen.payment p where p.payment_id = payment and p.period = paid_in);
end $$;
-- An event is seen with the record it is about; one of a record that is gone, or of another kind, from everywhere only.
create function access.sees_record(entity text, key text) returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    case entity
        when 'household' then return exists (select from seen.household r where r.household_id = sees_record.key);
        when 'household_member' then return exists (select from seen.household_member r where r.member_id = sees_record.key);
        when 'application' then return exists (select from seen.application r where r.application_id = sees_record.key);
        when 'stage' then return exists (select from seen.stage r where r.stage_id = sees_record.key);
        when 'income_check' then return exists (select from seen.income_check r where r.check_id = sees_record.key);
        when 'benefit' then return exists (select from seen.benefit r where r.benefit_id = sees_record.key);
        when 'payment' then return access.sees_payment(sees_record.key);
        when 'payment_batch' then return exists (select from seen.payment_batch r where r.batch_id = sees_record.key);
        when 'person' then return exists (select from facts.person r where r.person_id = sees_record.key) and access.sees_person(sees_record.key);
        when 'account' then return exists (select from seen.account r where r.account_id = sees_record.key);
        when 'register' then return exists (select from seen.register r where r.record_id = sees_record.key);
        when 'project' then return exists (select from seen.project r where r.project_id = sees_record.key);
        when 'service_order' then return exists (select from seen.service_order r where r.order_id = sees_record.key);
        when 'survey_response' then return exists (select from seen.survey_response r where r.response_id = sees_record.key);
        else return entity in ('provider', 'region', 'unit');
    end case;
end $$;
create or replace view seen.person with (security_barrier) as select * from facts.person t
    where (select access.everywhere()) or access.sees_person(t.person_id);
create or replace view seen.account with (security_barrier) as select * from facts.account t
    where (select access.everywhere()) or access.sees_account(t.account_key);
create or replace view seen.event with (security_barrier) as select * from ledger.event t
    where (select access.everywhere()) or access.sees_record(t.entity, t.key);
-- What hangs on one record: left to itself, the planner reads every record of a county for the seven stages of one.
create or replace view seen.household_member with (security_barrier) as select * from facts.household_member t
    where (select access.everywhere()) or access.sees_record('household', t.household_id);
create or replace view seen.stage with (security_barrier) as select * from facts.stage t
    where (select access.everywhere()) or access.sees_record('application', t.application_id);
create or replace view seen.income_check with (security_barrier) as select * from facts.income_check t
    where (select access.everywhere()) or access.sees_record('application', t.application_id);
create or replace view seen.service_order with (security_barrier) as select * from facts.service_order t
    where (select access.everywhere()) or access.sees_record('project', t.project_id);
create or replace view seen.survey_response with (security_barrier) as select * from facts.survey_response t
    where (select access.everywhere()) or access.sees_record('project', t.project_id);
create or replace view seen.register with (security_barrier) as select * from facts.register t
    where (select access.everywhere()) or access.sees_human(t.person_key);
-- By the region of each payment: a list of the regions seen would be made anew for each month.
create or replace view seen.payment with (security_barrier) as select * from facts.payment t
    where (select access.everywhere())
        or (select access.ranges()) @> (select o.from_n from store.region_order o where o.region_code = t.region_code);
revoke execute on function access.sees_person(text), access.sees_human(text), access.sees_account(text), access.sees_payment(text),
    access.sees_record(text, text) from public;
grant execute on function access.sees_person(text), access.sees_human(text), access.sees_account(text), access.sees_record(text, text)
    to aidwatch_console;
