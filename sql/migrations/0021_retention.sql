-- 0021 retention: how long each kind of data is kept is data; the database itself forgets, nobody else may delete a log
-- Phase: before the code.
create table access.retention (
    kind text primary key,
    keep_days int not null,
    least_days int not null,                                  -- nobody may set a shorter period
    basis text not null,
    check (keep_days >= least_days));
insert into access.retention values
    ('trail', 1095, 1095, '个人信息保护法 第56条（评估与处理记录至少三年）；网络安全法 第21条（日志至少六个月）'),
    ('reveal', 1095, 1095, '个人信息保护法 第56条（评估与处理记录至少三年）'),
    ('look_up', 1095, 1095, '个人信息保护法 第56条（评估与处理记录至少三年）'),
    ('dead_letter', 180, 30, '个人信息保护法 第19条（实现目的所必要的最短时间）'),
    ('audit_run', 365, 180, '网络安全法 第21条（日志至少六个月）'),
    ('session', 0, 0, '个人信息保护法 第19条（实现目的所必要的最短时间）'),
    ('delivery', 90, 30, '个人信息保护法 第19条（实现目的所必要的最短时间）'),
    ('event_id', 90, 90, 'design §11.23'),
    ('clear_value', 1825, 365, '个人信息保护法 第19条、第47条（目的已实现的应当删除）');
grant select on access.retention to aidwatch_console, aidwatch_worker;
grant update (keep_days) on access.retention to aidwatch_worker;
create index reveal_at on access.reveal (at);                                                  -- forget
create index lookup_at on access.lookup (at);                                                  -- forget
create index dead_letter_at on ledger.dead_letter (at);                                        -- forget
create index audit_run_at on watch.audit_run (at);                                             -- forget
grant delete on vault.identity to aidwatch_worker;                                             -- clear_value

-- Delete at most so many rows of one kind that are over their time; return how many. An untaken reveal is kept.
create function access.forget(what text, at_once int) returns int language plpgsql security definer set search_path = pg_temp as $$
declare before timestamptz; n int;
begin
    select now() - make_interval(days => r.keep_days) into strict before from access.retention r where r.kind = what;
    case what
        when 'trail' then delete from access.trail where id in (select t.id from access.trail t where t.at < before order by t.at limit at_once);
        when 'reveal' then delete from access.reveal where id in
            (select t.id from access.reveal t where t.at < before and t.taken_at is not null order by t.at limit at_once);
        when 'look_up' then delete from access.lookup where id in (select t.id from access.lookup t where t.at < before order by t.at limit at_once);
        when 'dead_letter' then delete from ledger.dead_letter where id in
            (select t.id from ledger.dead_letter t where t.at < before order by t.at limit at_once);
        when 'audit_run' then delete from watch.audit_run where id in (select t.id from watch.audit_run t where t.at < before order by t.at limit at_once);
        when 'delivery' then delete from watch.delivery where (subscription_id, event_id) in
            (select t.subscription_id, t.event_id from watch.delivery t where t.at < before order by t.at limit at_once);
        when 'session' then delete from access.session where sha256 in
            (select t.sha256 from access.session t where t.ends_at < before order by t.ends_at limit at_once);
    end case;
    get diagnostics n = row_count;
    return n;
end $$;
revoke execute on function access.forget(text, int) from public;
grant execute on function access.forget(text, int) to aidwatch_worker;
