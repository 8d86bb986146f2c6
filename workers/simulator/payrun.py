"""The monthly pay run of the live system: every township's lists, once pay day has come."""

import json
from datetime import datetime, time

from workers.simulator import workdays
from workers.simulator.book import Connection
from workers.simulator.payments import CODES, last_paid_month, pay_day

#: Benefits to be paid this month: running, decided before the list was made, in no list yet.
_DUE = """
b.qsny <= %(month)s and (b.jsny is null or b.jsny >= %(month)s) and b.jzlx = any(%(kinds)s)
and not exists (select from t_jz_hj d where d.sqbh = b.sqbh and d.hjdm = '审核确认' and d.fssj > %(listed_at)s)
and not exists (select from t_ff_pc p where p.qhdm = b.qhdm and p.ny = %(month)s and p.jzlx = b.jzlx)
"""
_TOWNS = f"select distinct b.qhdm from t_bz b where {_DUE} order by b.qhdm"
#: What each is paid, to the account it was paid to last, else to the payee's own or a guardian's; what is owed comes as arrears.
_LINES = f"""
insert into t_ff_mx (mxbh, pcbh, bzbh, jzlx, qhdm, jtbh, skr, yhzh, hm, ny, je, fflx, tjsj, dzsj, zt, qd, spr, gxsj)
select 'MX' || substr(b.bzbh, 3) || owed.ny,
    'PC' || substr(b.qhdm, 5) || (%(codes)s::jsonb ->> b.jzlx) || %(month)s,
    b.bzbh, b.jzlx, b.qhdm, b.jtbh, payee.rybh, coalesce(before.yhzh, own.yhzh), coalesce(before.hm, own.hm), owed.ny,
    b.yje, case when owed.ny = %(month)s then '正常' else '补发' end, %(listed_at)s, %(paid_at)s, '已发放', '银行',
    'GH' || left(b.qhdm, 6) || '6', %(paid_at)s
from t_bz b
join t_jt h on h.jtbh = b.jtbh
join t_ry payee on payee.rybh = coalesce(b.rybh, h.hzbh)
left join lateral (
    select m.yhzh, m.hm from t_ff_mx m where m.bzbh = b.bzbh order by m.ny desc, m.mxbh limit 1) before on true
left join t_ry head on head.rybh = h.hzbh
left join lateral (
    select z.yhzh, z.hm from t_zh z where z.ckrsfzh in (payee.sfzh, head.sfzh)
    order by z.ckrsfzh = payee.sfzh desc, z.ckrlx = '监护人' desc, z.zhbh limit 1) own on true
cross join lateral (
    select to_char(day, 'YYYYMM') as ny
    from generate_series(to_date(case when before.yhzh is null then b.qsny else %(month)s end, 'YYYYMM'),
                         to_date(%(month)s, 'YYYYMM'), interval '1 month') as day) owed
where b.qhdm = %(town)s and {_DUE}
"""
_LISTS = """
insert into t_ff_pc (pcbh, jzlx, qhdm, jgbm, ny, bs, zje, spsj, gdsj, gxsj)
select m.pcbh, m.jzlx, m.qhdm, 'JG' || m.qhdm, %(month)s, count(*), sum(m.je), %(listed_at)s, %(closed_at)s, %(closed_at)s
from t_ff_mx m left join t_ff_pc p on p.pcbh = m.pcbh
where m.qhdm = %(town)s and m.ny <= %(month)s and m.dzsj = %(paid_at)s and p.pcbh is null
group by m.pcbh, m.jzlx, m.qhdm
"""
_KINDS = [kind for kind in CODES if kind != "临时救助"]


def unpaid_towns(conn: Connection, now: datetime) -> list[str]:
    """Return the townships whose lists of the last due month are missing."""
    return [row[0] for row in conn.execute(_TOWNS, _values(now)).fetchall()]


def pay_town(conn: Connection, town: str, now: datetime) -> None:
    """Pay one township's lists of the last due month, each in full, in one transaction."""
    values = _values(now) | {"town": town}
    with conn.transaction():
        conn.execute(_LINES, values)
        conn.execute(_LISTS, values)


def _values(now: datetime) -> dict[str, object]:
    month = last_paid_month(now)
    day = pay_day(month)
    return {
        "month": month, "kinds": _KINDS, "codes": json.dumps(CODES),
        "listed_at": datetime.combine(workdays.minus(day, 1), time(16)), "paid_at": datetime.combine(day, time(10, 30)),
        "closed_at": datetime.combine(day, time(17, 30)),
    }  # fmt: skip
