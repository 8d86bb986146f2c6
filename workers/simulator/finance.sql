-- What the finance bureaus of the counties have on record about the history: budgets of the year, money that came in, money asked back.
-- %(now)s: the end of the history, Beijing wall clock. All of it is lawful: no budget is exceeded or left unused, no money waits.

create temp table spent on commit drop as
select jzlx, left(qhdm, 6) || '000000' as county, extract(year from dzsj)::int as nd, extract(month from dzsj)::int as m, sum(je) as je
from t_ff_mx where zt = '已发放' and jzlx <> '临时救助' group by 1, 2, 3, 4;

-- A little more than the fullest month projects over the year; where so uneven a year would look unused in September, none is set.
insert into t_ys (ysbh, jzlx, qhdm, nd, je, gxsj)
select 'YS' || left(county, 6) || nd || jzlx, jzlx, county, nd, ceil(1.02 * max(projected) / 100) * 100, make_timestamp(nd, 1, 4, 9, 0, 0)
from (
    select jzlx, county, nd, m, 12 * sum(je) over (partition by jzlx, county order by m) / m as projected, count(*) over (partition by jzlx, county) as months
    from spent where nd = extract(year from cast(%(now)s as timestamp))) year
where months = extract(month from cast(%(now)s as timestamp)) - case when extract(day from cast(%(now)s as timestamp)) < 10 then 1 else 0 end
group by jzlx, county, nd
having max(projected) < 1.2 * min(projected);

-- Each quarter's money comes on its third day and is paid out with the next list.
insert into t_zb (zbbh, jzlx, qhdm, dzsj, je, yt, skflx, gxsj)
select 'ZB' || left(county, 6) || ny || jzlx, jzlx, county, at, 3 * je, '救助资金', '专户', at
from (
    select p.jzlx, left(p.qhdm, 6) || '000000' as county, p.ny, to_timestamp(p.ny || '03 10', 'YYYYMMDD HH24')::timestamp as at, sum(p.zje) as je
    from t_ff_pc p where p.jzlx in ('低保', '特困') and right(p.ny, 2) in ('01', '04', '07', '10') group by 1, 2, 3) quarter
where at < cast(%(now)s as timestamp);

-- A month that somebody was paid too long was paid back in time, or is agreed to be.
insert into t_zj (zjbh, bzbh, rybh, jdrq, yje, sje, fqbz, jarq, gxsj)
select 'ZJ' || bzbh, bzbh, rybh, at, yje, case when done then yje else 0 end, case when done then '否' else '是' end, case when done then at + 30 end, case when done then at + 30 else at end
from (
    select bzbh, rybh, yje, at, at + 30 < cast(%(now)s as timestamp) as done
    from (select b.*, (to_date(b.jsny || '15', 'YYYYMMDD') + interval '1 month')::date as at from t_bz b where b.tbyy = '收入超标' and b.yje > 0) ended
    where right(bzbh, 1) <= '6' and at < cast(%(now)s as timestamp)) ordered;
