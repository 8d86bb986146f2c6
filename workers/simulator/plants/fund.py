"""Money paid wrongly, and payments that only look so."""

from datetime import timedelta
from decimal import Decimal

from workers.simulator.book import Row, yuan
from workers.simulator.identity import card_number
from workers.simulator.months import add_months
from workers.simulator.people import Account, add_account
from workers.simulator.plants.ground import Ground
from workers.simulator.plants.lists import PAID, PLAIN, add_line, change_batch, due_fen
from workers.simulator.truth import Card, Expected, Truth

_BIG = 20  # lines from which on the share of a batch counts (F01)
_BESIDE = " and b.qhdm = %(town)s and b.bzbh <> %(other)s"
_LIVES_ALONE = " and mx.skr = h.hzbh and (select count(*) from t_jtcy c where c.jtbh = b.jtbh) = 1"
_ELSEWHERE = " and b.qhdm <> %(town)s"


def _benefit(row: Row) -> dict[str, str]:
    return {"benefit_id": row["bzbh"]}


def _month(ground: Ground) -> str:
    """Any paid month in the history, the last one in live operation."""
    return ground.month(ground.rng.randrange(6) if ground.past else 0)


def f01(ground: Ground) -> Truth:
    """A line a few (some sixty) yuan off what standard, income and persons give."""
    month = _month(ground)
    off, card = ground.rng.choice(((6_00, "notice"), (62_00, "yellow"), (-45_00, "yellow")))
    (row,) = ground.pick(PAID + PLAIN + f" and pc.bs not between {_BIG - 1} and {_BIG + 2}", month=month)
    _change_amount(ground, row, off)
    expected = Expected("F01", "benefit", _benefit(row), card, {"payment_id": row["mxbh"], "period": _dashed(month)})
    return ground.truth("F01", "金额与标准不符", expected)


def _change_amount(ground: Ground, row: Row, off_fen: int) -> None:
    ground.update("t_ff_mx", "mxbh", row["mxbh"], je=row["je"] + Decimal(off_fen) / 100)
    change_batch(ground, row["pcbh"], 0, off_fen)


def f02(ground: Ground) -> Truth:
    """A benefit that has ended is paid one (two) months more."""
    months, card = ground.rng.choice(((1, "yellow"), (2, "red")))
    row = _ended(ground, months)
    for later in range(1, months + 1):
        month = add_months(row["jsny"], later)
        add_line(ground, row, month, due_fen(ground, row, month))
    return ground.truth("F02", "终止后仍发放", Expected("F02", "benefit", _benefit(row), card))


_ENDED = """
select b.*, h.hzbh, h.cxlb, h.jtbh as used, mx.skr, mx.yhzh, mx.hm from t_bz b join t_jt h on h.jtbh = b.jtbh
join t_ff_mx mx on mx.bzbh = b.bzbh and mx.ny = b.jsny and mx.fflx = '正常' and mx.zt = '已发放'
where b.jzlx = '低保' and b.jsny between %(first)s and %(last)s and b.tbyy in ('收入超标', '自愿')
  and (select count(*) from t_bz o where o.jtbh = b.jtbh) = 1
  and (select count(*) from t_ff_mx o where o.bzbh = b.bzbh and o.ny = b.jsny) = 1
"""


def _ended(ground: Ground, months: int) -> Row:
    """Return an ended 低保 benefit after which ``months`` months have been paid to others."""
    return ground.pick(_ENDED, first=ground.month(9), last=ground.month(months))[0]


def f03(ground: Ground) -> Truth:
    """One benefit paid twice in a month, to the same account (to two)."""
    month = _month(ground)
    (row,) = ground.pick(PAID + PLAIN, month=month)
    card: Card = "yellow"
    if ground.rng.random() < 0.3:
        card = "red"
        row["yhzh"] = _second_account(ground, row)
    add_line(ground, row, month, int(row["je"] * 100))
    expected = Expected("F03", "benefit", _benefit(row), card, {"period": _dashed(month)})
    return ground.truth("F03", "同期重复发放", expected)


def _second_account(ground: Ground, row: Row) -> str:
    (payee,) = ground.rows("select sfzh, xm from t_ry where rybh = %(id)s", id=row["skr"])
    account = Account(card_number(ground.rng), payee["xm"])
    add_account(ground.scene, account, payee["sfzh"], "本人", agreement=False)
    return account.number


def f06(ground: Ground) -> Truth:
    """Two (three) households of one township are paid to the account of the first one's head."""
    month = _month(ground)
    others, card = ground.rng.choice(((1, "yellow"), (1, "yellow"), (2, "red")))
    (owner, *rest) = _neighbours(ground, month, others + 1)
    for row in rest:
        ground.update("t_ff_mx", "mxbh", row["mxbh"], yhzh=owner["yhzh"])
    expected = Expected("F06", "account", {"account_number": owner["yhzh"]}, card, {"period": _dashed(month)})
    return ground.truth("F06", "一卡多人", expected)


def _neighbours(ground: Ground, month: str, n: int) -> list[Row]:
    """Return ``n`` plain 低保 benefits of one township."""
    query = PAID + PLAIN + " and mx.skr = h.hzbh"
    crowded = ground.rows(
        f"select qhdm from ({query}) found where not exists (select from sim.used where key = found.used)"
        " group by qhdm having count(*) >= %(n)s order by md5(qhdm || %(salt)s) limit 1",
        month=month, n=n, salt=str(ground.rng.random()),
    )  # fmt: skip
    return ground.pick(query + " and b.qhdm = %(town)s", n, month=month, town=crowded[0]["qhdm"] if crowded else "")


def f20(ground: Ground) -> Truth:
    """One person stands in the lists of two townships; or one account does, under two names."""
    month = _month(ground)
    (row,) = ground.pick(PAID + PLAIN + _LIVES_ALONE, month=month)
    (far,) = ground.pick(PAID + PLAIN + _ELSEWHERE, month=month, town=row["qhdm"])
    item = {"period": _dashed(month)}
    if ground.rng.random() < 0.6:
        ground.update("t_ff_mx", "mxbh", far["mxbh"], skr=row["skr"], yhzh=row["yhzh"], hm=row["hm"])
        return ground.truth("F20", "跨乡镇同证", Expected("F20", "person", {"person_id": row["skr"]}, "red", item))
    ground.update("t_ff_mx", "mxbh", far["mxbh"], yhzh=row["yhzh"])
    account = {"account_number": row["yhzh"]}
    shared = Expected("F06", "account", account, "yellow", item)
    return ground.truth("F20", "跨乡镇同卡", Expected("F20", "account", account, "red", item), shared)


def f01_lawful(ground: Ground) -> Truth:
    """Rounded up to whole yuan; corrected by an adjustment line; kept up through a gradual exit; by tier."""
    month = _month(ground)
    rounded, adjusted = ground.pick(PAID + PLAIN, 2, month=month)
    _change_amount(ground, rounded, 60)
    add_line(ground, adjusted, month, 37_00, fflx="调整")
    tier = ground.pick(PAID + " and b.jzlx = '特困'", month=month)[0]
    subjects = [("benefit", _benefit(row)) for row in (rounded, adjusted, tier, _gradual_exit(ground))]
    return ground.lawful("F01", "取整、调整、分档、渐退", *subjects)


def _gradual_exit(ground: Ground) -> Row:
    """Somebody found work: a new check says so, and the old amount is paid on for a while.

    In the history for three months by now; in live operation from next month, since what was paid
    before is judged by what was on record then.
    """
    (row,) = ground.pick(PAID + PLAIN, month=ground.month())
    days, month = (75, ground.month(2)) if ground.past else (0, add_months(ground.scene.month, 1))
    (check,) = ground.rows("select * from t_hd where jtbh = %(home)s order by hdsj desc limit 1", home=row["jtbh"])
    checked_at = ground.now - timedelta(days=days)
    more = {"hdbh": ground.scene.ids("HD"), "hdsj": checked_at, "gxsj": ground.now, "hsrjsr": yuan(190_000)}
    ground.scene.book.add("t_hd", **{**check, **more})
    ground.update("t_bz", "bzbh", row["bzbh"], jtqsny=month)
    return row


def f02_lawful(ground: Ground) -> Truth:
    """What was owed for the last month comes later as arrears; a line after the end came back from the bank."""
    arrears, returned = _ended(ground, 2), _ended(ground, 2)
    add_line(ground, arrears, arrears["jsny"], 20_00, list_month=add_months(arrears["jsny"], 1), fflx="补发")
    month = add_months(returned["jsny"], 1)
    at = ground.now
    add_line(ground, returned, month, due_fen(ground, returned, month), zt="退回", dzsj=None, thsj=at)
    return ground.lawful("F02", "终止后补发、已退回", ("benefit", _benefit(arrears)), ("benefit", _benefit(returned)))


def f03_lawful(ground: Ground) -> Truth:
    """Arrears beside the regular line; a returned line paid again; two subsidies of one person."""
    month = _month(ground)
    owed, again = ground.pick(PAID + PLAIN, 2, month=month)
    add_line(ground, owed, month, 52_00, fflx="补发")
    add_line(ground, again, month, int(again["je"] * 100), zt="退回", dzsj=None, thsj=ground.now)
    two = ground.pick(PAID + " and b.jzlx = '重度残疾人护理补贴'", month=month)[0]
    subjects = [("benefit", _benefit(row)) for row in (owed, again, two)]
    return ground.lawful("F03", "补发、退回重发、两项补贴并领", *subjects)


def f06_lawful(ground: Ground) -> Truth:
    """A household shares its head's account; a guardian's and a care home's accounts hold several people's money."""
    month = _month(ground)
    home, guardian = _care_home(ground, month), _guardian(ground, month)
    accounts = [("account", {"account_number": number}) for number in (home, guardian)]
    return ground.lawful("F06", "机构账户、监护人账户", *accounts)


def _care_home(ground: Ground, month: str) -> str:
    found = ground.rows(
        "select z.yhzh from t_zh z join t_ff_mx m on m.yhzh = z.yhzh and m.ny = %(month)s where z.ckrlx = '机构'"
        " group by z.yhzh having count(distinct m.qhdm) >= 2 order by md5(z.yhzh || %(salt)s) limit 1",
        month=month, salt=str(ground.rng.random()),
    )  # fmt: skip
    return str(found[0]["yhzh"]) if found else ""


def _guardian(ground: Ground, month: str) -> str:
    """Make the guardian of one child that of another household's child in the township as well."""
    query = PAID + " and b.jzlx in ('孤儿', '事实无人抚养儿童')"
    for one in ground.rows(query, month=month):
        other = ground.rows(query + _BESIDE, month=month, town=one["qhdm"], other=one["bzbh"])
        if other:
            ground.update("t_ff_mx", "mxbh", other[0]["mxbh"], yhzh=one["yhzh"], hm=one["hm"])
            return str(one["yhzh"])
    return ""


def f20_lawful(ground: Ground) -> Truth:
    """A county's care home receives for people from several townships; one person has two programmes in one."""
    month = _month(ground)
    home = _care_home(ground, month)
    two = ground.pick(PAID + " and b.jzlx = '重度残疾人护理补贴'", month=month)[0]
    subjects = [("account", {"account_number": home})] if home else []
    return ground.lawful("F20", "敬老院账户、同乡镇两项补贴", *subjects, ("person", {"person_id": two["skr"]}))


def _dashed(month: str) -> str:
    return f"{month[:4]}-{month[4:]}"
