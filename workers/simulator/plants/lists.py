"""The payment lists of the business system, as a plant sees them: benefits, their lines, what a month is worth."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from workers.simulator import workdays
from workers.simulator.book import Row, yuan
from workers.simulator.payments import CODES, pay_day
from workers.simulator.plants.ground import Ground
from workers.simulator.rates import standard_fen

#: Benefits that run on, with the line of one month by which each was paid. ``used`` is the household.
PAID = """
select b.*, h.hzbh, h.cxlb, h.qhdm as cun, h.jtbh as used, mx.mxbh, mx.pcbh, mx.skr, mx.yhzh, mx.hm, mx.je, pc.bs
from t_bz b join t_jt h on h.jtbh = b.jtbh
join t_ff_mx mx on mx.bzbh = b.bzbh and mx.ny = %(month)s and mx.fflx = '正常' and mx.zt = '已发放'
join t_ff_pc pc on pc.pcbh = mx.pcbh
where b.jsny is null and b.jtqsny is null and (select count(*) from t_ff_mx o where o.bzbh = b.bzbh and o.ny = mx.ny) = 1
"""
#: A household with nothing but 低保, all of whose members are alive and at home.
PLAIN = """
and b.jzlx = '低保'
and not exists (select from t_bz o where o.jtbh = b.jtbh and o.bzbh <> b.bzbh)
and not exists (select from t_jtcy c where c.jtbh = b.jtbh and (c.bzrk = '否' or c.zzrq is not null))
"""


def due_fen(ground: Ground, benefit: Row, month: str) -> int:
    """Return what the rules give a 低保 benefit for ``month``, in fen."""
    check = ground.rows(
        "select hsrjsr from t_hd where jtbh = %(home)s order by hdsj desc limit 1", home=benefit["jtbh"]
    )
    standard = standard_fen(benefit["qhdm"][:6], benefit["cxlb"], month)
    return max(standard - fen(check[0]["hsrjsr"]), 0) * int(benefit["bzrs"]) + fen(benefit["fjje"])


def fen(amount: Decimal) -> int:
    return int(amount * 100)


def add_line(
    ground: Ground, benefit: Row, month: str, amount_fen: int, *, list_month: str | None = None, **other: Any
) -> str:
    """Write a further line to the township's list of ``list_month`` (``month`` itself) and keep its totals true."""
    batch = _batch(ground, benefit, list_month or month)
    paid_at = datetime.combine(pay_day(list_month or month), time(15, 20)) if ground.past else ground.now
    line_id = ground.scene.ids("MX")
    row = {
        "mxbh": line_id, "pcbh": batch, "bzbh": benefit["bzbh"], "jzlx": benefit["jzlx"], "qhdm": benefit["qhdm"],
        "jtbh": benefit["jtbh"], "skr": benefit["skr"], "yhzh": benefit["yhzh"], "hm": benefit["hm"], "ny": month,
        "je": yuan(amount_fen), "fflx": "正常", "tjsj": paid_at - timedelta(hours=2), "dzsj": paid_at, "thsj": None,
        "zt": "已发放", "qd": "银行", "spr": f"GH{benefit['qhdm'][:6]}6", "gxsj": paid_at,
    }  # fmt: skip
    ground.scene.book.add("t_ff_mx", **row | other)
    change_batch(ground, batch, 1, amount_fen)
    return line_id


def change_batch(ground: Ground, batch: str, lines: int, amount_fen: int) -> None:
    """Move a batch's totals with its lines: a plant is about one thing only."""
    ground.conn.execute(
        "update t_ff_pc set bs = bs + %s, zje = zje + %s, gxsj = greatest(gxsj, %s) where pcbh = %s",
        [lines, yuan(amount_fen), ground.scene.since, batch],
    )


def _batch(ground: Ground, benefit: Row, month: str) -> str:
    found = ground.rows(
        "select pcbh from t_ff_pc where jzlx = %(kind)s and qhdm = %(town)s and ny = %(month)s order by pcbh limit 1",
        kind=benefit["jzlx"], town=benefit["qhdm"], month=month,
    )  # fmt: skip
    return found[0]["pcbh"] if found else _new_batch(ground, benefit, month)


def _new_batch(ground: Ground, benefit: Row, month: str) -> str:
    paid_at = datetime.combine(pay_day(month), time(10, 30))
    batch = f"PC{benefit['qhdm'][4:]}{CODES[benefit['jzlx']]}{month}{ground.plant_id[-4:]}"
    ground.conn.execute(
        "insert into t_ff_pc (pcbh, jzlx, qhdm, jgbm, ny, bs, zje, spsj, gdsj, gxsj)"
        " values (%s, %s, %s, %s, %s, 0, 0, %s, %s, %s)",
        [batch, benefit["jzlx"], benefit["qhdm"], f"JG{benefit['qhdm']}", month,
         datetime.combine(workdays.minus(paid_at.date(), 1), time(15)), paid_at, paid_at],
    )  # fmt: skip
    return batch
