"""The monthly pay run of the live system: every township's lists, once pay day has come."""

import json
from datetime import datetime, time

from workers.simulator import workdays
from workers.simulator.book import Connection
from workers.simulator.payments import CODES, last_paid_month, pay_day

_TOWNS = """
select distinct b.qhdm from t_bz b
where b.qsny <= %(month)s and (b.jsny is null or b.jsny >= %(month)s) and b.jzlx = any(%(kinds)s)
  and not exists (select from t_ff_pc p where p.qhdm = b.qhdm and p.ny = %(month)s and p.jzlx = b.jzlx)
order by b.qhdm
"""
#: What each benefit of a township is paid, to the account it was paid to last, else to one of the payee's own.
_LINES = """
insert into t_ff_mx (mxbh, pcbh, bzbh, jzlx, qhdm, jtbh, skr, yhzh, hm, ny, je, fflx, tjsj, dzsj, zt, qd, spr, gxsj)
select 'MX' || substr(b.bzbh, 3) || %(month)s, 'PC' || substr(b.qhdm, 5) || (%(codes)s::jsonb ->> b.jzlx) || %(month)s,
    b.bzbh, b.jzlx, b.qhdm, b.jtbh, payee.rybh, coalesce(before.yhzh, own.yhzh), coalesce(before.hm, own.hm), %(month)s,
    b.yje, '正常', %(listed_at)s, %(paid_at)s, '已发放', '银行', 'GH' || left(b.qhdm, 6) || '6', %(paid_at)s
from t_bz b
join t_jt h on h.jtbh = b.jtbh
join t_ry payee on payee.rybh = coalesce(b.rybh, h.hzbh)
left join lateral (select m.yhzh, m.hm from t_ff_mx m where m.bzbh = b.bzbh order by m.ny desc, m.mxbh limit 1) before on true
left join lateral (select z.yhzh, z.hm from t_zh z where z.ckrsfzh = payee.sfzh order by z.zhbh limit 1) own on true
where b.qhdm = %(town)s and b.qsny <= %(month)s and (b.jsny is null or b.jsny >= %(month)s) and b.jzlx = any(%(kinds)s)
  and not exists (select from t_ff_pc p where p.qhdm = b.qhdm and p.ny = %(month)s and p.jzlx = b.jzlx)
on conflict do nothing
"""
_LISTS = """
insert into t_ff_pc (pcbh, jzlx, qhdm, jgbm, ny, bs, zje, spsj, gdsj, gxsj)
select m.pcbh, m.jzlx, m.qhdm, 'JG' || m.qhdm, m.ny, count(*), sum(m.je), %(listed_at)s, %(closed_at)s, %(closed_at)s
from t_ff_mx m left join t_ff_pc p on p.pcbh = m.pcbh
where m.qhdm = %(town)s and m.ny = %(month)s and p.pcbh is null
group by m.pcbh, m.jzlx, m.qhdm, m.ny
"""
_KINDS = [kind for kind in CODES if kind != "临时救助"]


def unpaid_towns(conn: Connection, now: datetime) -> list[str]:
    """Return the townships whose lists of the last due month are missing."""
    found = conn.execute(_TOWNS, {"month": last_paid_month(now), "kinds": _KINDS}).fetchall()
    return [row[0] for row in found]


def pay_town(conn: Connection, town: str, now: datetime) -> None:
    """Pay one township's lists of the last due month, each in full, in one transaction."""
    month = last_paid_month(now)
    day = pay_day(month)
    values = {
        "town": town, "month": month, "kinds": _KINDS, "codes": json.dumps(CODES),
        "listed_at": datetime.combine(workdays.minus(day, 1), time(16)), "paid_at": datetime.combine(day, time(10, 30)),
        "closed_at": datetime.combine(day, time(17, 30)),
    }  # fmt: skip
    with conn.transaction():
        conn.execute(_LINES, values)
        conn.execute(_LISTS, values)
