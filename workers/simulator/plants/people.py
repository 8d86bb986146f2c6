"""People counted twice, paid after death or in custody, or written down wrongly; and people who only look so.

One file, though long: each plant stands beside its look-alike, and they share how people are found.
"""

from datetime import date, datetime, timedelta

from workers.simulator import identity, registers, workdays
from workers.simulator.benefits import Terms, grant
from workers.simulator.book import Row
from workers.simulator.cases import Wish, open_case
from workers.simulator.geography import dezhou
from workers.simulator.months import add_months, first_day, last_day
from workers.simulator.people import (
    Household,
    Member,
    Person,
    add_member,
    add_person,
    family,
    household,
    open_account,
    person,
)
from workers.simulator.plants.ground import Ground
from workers.simulator.plants.lists import PAID, PLAIN, add_line
from workers.simulator.rates import tier_fen
from workers.simulator.truth import Expected, Truth

_LONG_AGO = 120  # working days: a case begun then was decided months ago


def _person_of(row: Row) -> Person:
    return Person(row["rybh"], row["sfzh"], row["xm"], row["xb"], row["csrq"], row["cjlb"], row["cjdj"])


def _subject(who: Person) -> dict[str, str]:
    return {"person_id": who.id}


def _someone(ground: Ground, month: str, more: str = "") -> tuple[Row, Person]:
    """Return a plain 低保 benefit paid in ``month`` and a grown-up it counts who is not disabled."""
    (benefit,) = ground.pick(PAID + PLAIN + more, month=month)
    (row,) = ground.rows(
        "select r.* from t_jtcy c join t_ry r on r.rybh = c.rybh where c.jtbh = %(home)s order by r.csrq, r.rybh limit 1",
        home=benefit["jtbh"],
    )
    return benefit, _person_of(row)


_NOT_DISABLED = """ and not exists (select from t_jtcy c join t_ry r on r.rybh = c.rybh
    where c.jtbh = b.jtbh and r.cjdj is not null)"""


def d01(ground: Ground) -> Truth:
    """Somebody counted in a 低保 household is counted in a second one too, elsewhere."""
    _benefit, who = _someone(ground, ground.month(), _NOT_DISABLED)
    home = _second_home(ground, who)
    case = open_case(ground.scene, home.town, home, _begun_before(ground, ground.scene.month), Wish())
    grant(ground.scene, home, case, Terms(start=ground.scene.month), case.decided_at)
    twice = Expected("D01", "person", _subject(who), "yellow")
    return ground.truth("D01", "同人两地低保", twice, Expected("D07", "person", _subject(who), "yellow"))


def _second_home(ground: Ground, who: Person, *, counted: bool = True, since: date | None = None) -> Household:
    """Write a new household of a stranger and ``who``."""
    town = ground.town()
    home = family(ground.scene, town, 1, 30_000)
    member = Member(ground.scene.ids("CY"), who, "兄弟姐妹", counted)
    home.members.append(member)
    since = since or ground.now.date() - timedelta(days=400)
    add_member(ground.scene, home.id, member, since, at=ground.scene.since)
    ground.use(home.id)
    return home


def d02(ground: Ground) -> Truth:
    """A member of a 低保 household has 特困 as well, paid for one month (three)."""
    months, card = ground.rng.choice(((1, "yellow"), (3, "red")))
    benefit, who = _someone(ground, ground.month(months))
    start = ground.month(months - 1)
    _tekun_for(ground, benefit, who, start)
    return ground.truth("D02", "低保与特困重复", Expected("D02", "person", _subject(who), card))


def _tekun_for(ground: Ground, benefit: Row, who: Person, start: str) -> Row:
    """Grant ``who`` 特困 from ``start`` within the household of ``benefit`` and pay it up to now."""
    home = _home_of(ground, benefit, who)
    scene, category = ground.scene, f"{benefit['cxlb']}全自理"
    case = open_case(scene, home.town, home, _begun_before(ground, start), Wish("特困", person=who))
    terms = Terms("特困", who, home.account, category, start=start)
    granted = grant(scene, home, case, terms, case.decided_at)
    row = {
        "bzbh": granted.id, "jzlx": "特困", "jtbh": home.id, "qhdm": home.town.code, "skr": who.id,
        "yhzh": home.account.number, "hm": who.name,
    }  # fmt: skip
    while start <= ground.month():
        add_line(ground, row, start, tier_fen(home.town.county, "特困", category, start))
        start = add_months(start, 1)
    return row


def _begun_before(ground: Ground, start: str) -> datetime:
    """Return when a case began that is decided in the month before ``start``, in which what it grants begins (T13)."""
    return ground.scene.office_hour(workdays.minus(first_day(start), 17 + ground.rng.randrange(5)))


def _home_of(ground: Ground, benefit: Row, who: Person) -> Household:
    """Return an existing household as the makers of rows know it, with a new account for ``who``."""
    town = dezhou().town(benefit["qhdm"])
    village = next(village for village in town.villages if village.code == benefit["cun"])
    (check,) = ground.rows("select hsrjsr from t_hd where jtbh = %(home)s limit 1", home=benefit["jtbh"])
    account = open_account(ground.scene, who, "本人")
    return Household(
        benefit["jtbh"], town, village, [Member("", who, "户主")], int(check["hsrjsr"] * 100), 0, 0, account
    )


def d07(ground: Ground) -> Truth:
    """Somebody is counted in a second household, which receives nothing."""
    _benefit, who = _someone(ground, ground.month(), _NOT_DISABLED)
    _second_home(ground, who)
    return ground.truth("D07", "同人两户", Expected("D07", "person", _subject(who), "yellow"))


def d08(ground: Ground) -> Truth:
    """Somebody is registered a second time elsewhere, under a number with another order and the same phone."""
    _benefit, who = _someone(ground, ground.month(), _NOT_DISABLED)
    (row,) = ground.rows("select sjh from t_ry where rybh = %(id)s", id=who.id)
    again = Person(ground.scene.ids("RY"), ground.scene.number(who.number[:6], who.born, who.sex), who.name, who.sex, who.born)
    home = _second_home(ground, again)
    add_person(ground.scene, again, home.village, phone=row["sjh"])
    return ground.truth("D08", "一人两号", Expected("D08", "person", _subject(who), "notice", item=_subject(again)))


_ALONE = """ and b.jzlx in ('特困', '高龄津贴')
and (select count(*) from t_jtcy c where c.jtbh = b.jtbh) = 1
and (select count(*) from t_bz o where o.jtbh = b.jtbh) = 1
and mx.yhzh not in (select yhzh from t_zh where ckrlx = '机构')
and not exists (select from t_gx_sw d join t_ry r on r.sfzh = d.sfzh where r.rybh = b.rybh)"""
_CARDS = {1: "notice", 2: "yellow", 3: "red"}


def e01(ground: Ground) -> Truth:
    """A death is reported one, two or three months late, or a household never took its dead off the list."""
    if ground.rng.random() < 0.3:
        return _dead_member(ground)
    months = ground.rng.choice((1, 2, 3))
    died = add_months(ground.month(), -months)
    (benefit,) = ground.pick(PAID + _ALONE + " and b.qsny <= %(died)s", month=ground.month(), died=died)
    who = _read_person(ground, benefit["rybh"])
    _died(ground, who, died)
    expected = Expected("E01", "person", _subject(who), _CARDS[months])
    return ground.truth("E01", "死亡后仍发放", expected)


def _dead_member(ground: Ground) -> Truth:
    """A member of a larger household died; more than three months on the household is paid for all."""
    months = ground.rng.choice((1, 2, 3))
    died = add_months(ground.month(), -3 - months)
    _benefit, who = _member_of_many(ground, died)
    _died(ground, who, died)
    expected = Expected("E01", "person", _subject(who), _CARDS[months])
    return ground.truth(
        "E01",
        "死亡成员逾三月未减",
        expected,
    )


_MANY = " and (select count(*) from t_jtcy c where c.jtbh = b.jtbh) > 1 and b.qsny <= %(since)s"


def _member_of_many(ground: Ground, month: str) -> tuple[Row, Person]:
    """Return a 低保 household of several people, paid since ``month``, and one who is not its payee."""
    (benefit,) = ground.pick(PAID + PLAIN + _MANY, month=ground.month(), since=month)
    (row,) = ground.rows(
        "select r.* from t_jtcy c join t_ry r on r.rybh = c.rybh where c.jtbh = %(home)s and r.rybh <> %(head)s"
        " order by r.csrq, r.rybh limit 1",
        home=benefit["jtbh"], head=benefit["hzbh"],
    )  # fmt: skip
    return benefit, _person_of(row)


def _read_person(ground: Ground, person_id: str) -> Person:
    return _person_of(ground.rows("select * from t_ry where rybh = %(id)s", id=person_id)[0])


def _died(ground: Ground, who: Person, month: str) -> None:
    """The death is registered and the household was looked at since (T16 has nothing to say); what was paid is another matter."""
    day = first_day(month) + timedelta(days=ground.rng.randrange(11, 24))
    registers.death(ground.scene, who, day)
    benefits = ground.rows("select distinct b.bzbh, b.schcrq from t_bz b left join t_jtcy c on c.jtbh = b.jtbh "
                           "where (c.rybh = %(id)s or b.rybh = %(id)s) and b.jsny is null", id=who.id)  # fmt: skip
    for row in benefits:
        ground.update("t_bz", "bzbh", row["bzbh"], schcrq=max(filter(None, (row["schcrq"], day + timedelta(days=1)))))


def e02(ground: Ground) -> Truth:
    """Somebody in prison for one (four) whole months is still counted."""
    months, card = ground.rng.choice(((1, "yellow"), (4, "red")))
    first = add_months(ground.scene.month, -months)
    _benefit, who = _member_of_many(ground, add_months(first, -1))
    start = first_day(first) - timedelta(days=ground.rng.randrange(3, 15))
    kind = ground.rng.choice(("服刑", "强制隔离戒毒"))
    registers.custody(ground.scene, who, start, ground.now.date() + timedelta(days=400), kind)
    return ground.truth("E02", "服刑强戒仍计入", Expected("E02", "person", _subject(who), card))


def q01(ground: Ground) -> Truth:
    """A clerk mistyped the last character of an ID number, or wrote down a day that does not exist."""
    scene = ground.scene
    town = ground.town()
    village = ground.rng.choice(town.villages)
    who = _stranger(ground, town.county)
    wrong = identity.with_wrong_check(who.number)
    if ground.rng.random() < 0.3:
        wrong = f"{who.number[:10]}1332{who.number[14:]}"
    add_person(scene, who, village, number=wrong)
    return ground.truth("Q01", "身份证号校验错误", Expected("Q01", "person", _subject(who), "notice"))


def _stranger(ground: Ground, area: str) -> Person:
    """Return somebody of whom nothing is written yet."""
    scene, sex = ground.scene, ground.rng.choice("男女")
    born = scene.day_between(date(1950, 1, 1), date(2004, 12, 31))
    name = identity.surname(ground.rng) + identity.given_name(ground.rng, sex)
    number = scene.number(area.replace("371471", "371402"), born, sex)
    return Person(scene.ids("RY"), number, name, sex, born)


def d01_lawful(ground: Ground) -> Truth:
    """A household's benefit ended, and a member moved on to another household, which then began to receive."""
    (old,) = ground.pick(
        "select b.*, b.jtbh as used from t_bz b where b.jzlx = '低保' and b.jsny between %(first)s and %(last)s"
        " and b.tbyy = '迁出' and (select count(*) from t_bz o where o.jtbh = b.jtbh) = 1",
        first=ground.month(9), last=ground.month(1),
    )  # fmt: skip
    (row,) = ground.rows(
        "select r.*, c.cybh from t_jtcy c join t_ry r on r.rybh = c.rybh"
        " where c.jtbh = %(home)s and c.bzrk = '是' order by r.csrq limit 1",
        home=old["jtbh"],
    )
    moved_on = last_day(old["jsny"])
    ground.update("t_jtcy", "cybh", row["cybh"], zzrq=moved_on)
    who = _person_of(row)
    home = _second_home(ground, who, since=moved_on + timedelta(days=1))
    case = open_case(ground.scene, home.town, home, _begun_before(ground, ground.scene.month), Wish())
    grant(ground.scene, home, case, Terms(start=ground.scene.month), case.decided_at)
    return ground.lawful("D01", "迁移后在新户享受", ("person", _subject(who)))


def d02_lawful(ground: Ground) -> Truth:
    """低保 ended with one month, 特困 began with the next."""
    (old,) = ground.pick(
        "select b.*, h.cxlb, h.qhdm as cun, h.hzbh, b.jtbh as used from t_bz b join t_jt h on h.jtbh = b.jtbh"
        " where b.jzlx = '低保' and b.jsny between %(first)s and %(last)s and b.tbyy = '自愿' and b.bzrs = 1"
        " and (select count(*) from t_bz o where o.jtbh = b.jtbh) = 1",
        first=ground.month(9), last=ground.month(1),
    )  # fmt: skip
    who = _read_person(ground, old["hzbh"])
    _tekun_for(ground, old, who, add_months(old["jsny"], 1))
    return ground.lawful("D02", "低保转特困", ("person", _subject(who)))


def d07_lawful(ground: Ground) -> Truth:
    """A severely disabled member of a margin family has 低保 alone (art. 8); one is listed twice, counted once."""
    who, ill = _alone_beside_family(ground, disabled=True), _alone_beside_family(ground, disabled=False)
    _benefit, listed = _someone(ground, ground.month(), _NOT_DISABLED)
    _second_home(ground, listed, counted=False)
    people = [("person", _subject(each)) for each in (who, ill, listed)]
    return ground.lawful("D07", "单人户（重残、重病）、登记不计入", *people)


def d08_lawful(ground: Ground) -> Truth:
    """Twins: one birth date, one home, one phone, numbers side by side."""
    scene, town = ground.scene, ground.town()
    village, family_name = ground.rng.choice(town.villages), identity.surname(ground.rng)
    born = scene.day_between(date(1970, 1, 1), date(2004, 12, 31))
    area, phone = village.code[:6].replace("371471", "371402"), identity.phone_number(ground.rng)
    twins = [Person(scene.ids("RY"), scene.number(area, born, "男"), family_name + given, "男", born) for given in ("文", "武")]
    for each in twins:
        add_person(scene, each, village, phone=phone)
    household(scene, town, village, [(twins[0], "户主"), (twins[1], "兄弟姐妹")], 0)
    return ground.lawful("D08", "双胞胎", *(("person", _subject(each)) for each in twins))


def _alone_beside_family(ground: Ground, *, disabled: bool) -> Person:
    """Write a margin family whose severely disabled (gravely ill) member has 低保 in a household of one."""
    scene = ground.scene
    relatives = family(scene, ground.town(), 3, 45_000, disabled=disabled)
    who = relatives.head
    if not disabled:
        start = ground.now.date() - timedelta(days=200)
        registers.shared(scene, "住院", who, start, start + timedelta(days=25), fen=6_500_000, about={"重大疾病": True})
    case = open_case(scene, relatives.town, relatives, ground.begun(_LONG_AGO), Wish("低保边缘"))
    grant(scene, relatives, case, Terms("低保边缘", start=ground.month(1)), case.decided_at)
    alone = household(scene, relatives.town, relatives.village, [(who, "户主")], 0)
    own = open_case(scene, alone.town, alone, _begun_before(ground, scene.month), Wish(person=who))
    grant(scene, alone, own, Terms(start=ground.scene.month), own.decided_at)
    ground.use(relatives.id, alone.id)
    return who


def e01_lawful(ground: Ground) -> Truth:
    """Died two months ago in a larger household; died in the last month paid; taken off the list in time."""
    _benefit, member = _member_of_many(ground, ground.month(4))
    _died(ground, member, ground.month(2))
    (single,) = ground.pick(PAID + _ALONE, month=ground.month())
    alone = _read_person(ground, single["rybh"])
    _died(ground, alone, ground.month())
    removed, gone = _member_of_many(ground, ground.month(7))
    _died(ground, gone, ground.month(6))
    ground.conn.execute(
        "update t_jtcy set zzrq = %s, gxsj = %s where jtbh = %s and rybh = %s",
        [last_day(ground.month(4)), ground.now, removed["jtbh"], gone.id],
    )
    people = [("person", _subject(who)) for who in (member, alone)]
    return ground.lawful("E01", "三个月内、当月死亡、按期减员", *people, ("person", _subject(gone)))


def e02_lawful(ground: Ground) -> Truth:
    """In custody from the middle of one month to the middle of the next; in custody and not counted."""
    _benefit, short = _member_of_many(ground, ground.month(5))
    middle = first_day(add_months(ground.scene.month, -3)) + timedelta(days=11)
    registers.custody(ground.scene, short, middle, middle + timedelta(days=33))
    town = ground.town()
    home = family(ground.scene, town, 2, 50_000)
    away = person(ground.scene, home.village, (20, 40))
    member = Member(ground.scene.ids("CY"), away, "子女", counted=False)
    add_member(ground.scene, home.id, member, ground.now.date() - timedelta(days=900), at=ground.scene.since)
    registers.custody(
        ground.scene, away, ground.now.date() - timedelta(days=500), ground.now.date() + timedelta(days=90)
    )
    return ground.lawful("E02", "不满整月、未计入", ("person", _subject(short)), ("person", _subject(away)))


def q01_lawful(ground: Ground) -> Truth:
    """A 15-digit number, a lower-case x, an unknown area, a permit of Hong Kong, a foreigner's card."""
    village = ground.rng.choice(ground.town().villages)
    written = []
    for kind, shape in _SHAPES:
        who = _stranger(ground, "371402")
        add_person(ground.scene, who, village, id_kind=kind, number=shape(who))
        written.append(("person", _subject(who)))
    return ground.lawful("Q01", "旧号、小写、外地、港澳、外国人", *written)


def _ending_in_x(who: Person) -> str:
    order = next(n for n in range(1000) if identity.id_number("371402", who.born, n).endswith("X"))
    return identity.id_number("371402", who.born, order).lower()


_SHAPES = (
    ("居民身份证", lambda who: identity.short_number(identity.id_number("371402", who.born.replace(year=1961), 77))),
    ("居民身份证", _ending_in_x),
    ("居民身份证", lambda who: identity.id_number("379988", who.born, 123)),
    ("港澳台居住证", lambda who: identity.id_number("810000", who.born, 5)),
    ("外国人永居证", lambda who: f"91144{who.born:%Y%m%d}0012X"[:18]),
)
