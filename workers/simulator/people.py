"""People and households: who lives where, with whom, and on how much."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workers.simulator import identity
from workers.simulator.geography import Town, Village
from workers.simulator.scene import Scene

DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
GRADES = ("一级", "二级", "三级", "四级")


@dataclass(slots=True)
class Person:
    id: str
    number: str
    name: str
    sex: str
    born: date
    disability: str | None = None
    grade: str | None = None

    @property
    def is_severely_disabled(self) -> bool:
        return self.grade in ("一级", "二级")


@dataclass(slots=True)
class Member:
    id: str
    person: Person
    relation: str
    counted: bool = True


@dataclass(slots=True)
class Account:
    number: str
    holder: str


@dataclass(slots=True)
class Household:
    id: str
    town: Town
    village: Village
    members: list[Member]
    income_fen: int  # verified, per head and month
    lon: float
    lat: float
    account: Account
    accounts: dict[str, Account] = field(default_factory=dict)  # further ones, by person

    @property
    def head(self) -> Person:
        return self.members[0].person

    @property
    def n_counted(self) -> int:
        return sum(member.counted for member in self.members)

    def account_of(self, person: Person) -> Account:
        return self.accounts.get(person.id, self.account)


def person(
    scene: Scene, village: Village, ages: tuple[int, int], *, sex: str | None = None, surname: str | None = None,
    disability: tuple[str, str] | None = None,
) -> Person:  # fmt: skip
    """Write one person of an age between ``ages`` (years, both included)."""
    rng = scene.rng
    sex = sex or rng.choice("男女")
    youngest = scene.now.date() - timedelta(days=ages[0] * 365 + 60)
    born = scene.day_between(youngest - timedelta(days=(ages[1] - ages[0]) * 365), youngest)
    name = (surname or identity.surname(rng)) + identity.given_name(rng, sex)
    number = scene.number(village.code[:6].replace("371471", "371402"), born, sex)
    made = Person(scene.ids("RY"), number, name, sex, born, *(disability or (None, None)))
    add_person(scene, made, village)
    return made


def add_person(
    scene: Scene, made: Person, village: Village, *, id_kind: str = "居民身份证", number: str | None = None, phone: str | None = None
) -> None:
    """Write the person's row; ``number`` is what the clerk typed, when it is not the true number; ``phone`` is one that is known."""
    until = scene.now.date() + timedelta(days=scene.rng.randrange(400, 2400)) if made.grade else None
    scene.book.add(
        "t_ry", rybh=made.id, zjlx=id_kind, sfzh=number or made.number, xm=made.name, xb=made.sex, csrq=made.born,
        hjqh=village.code, jzqh=village.code, sjh=phone or identity.phone_number(scene.rng), cjlb=made.disability,
        cjdj=made.grade, cjyxq=until, sczt=0, gxsj=scene.since,
    )  # fmt: skip


def household(
    scene: Scene, town: Town, village: Village, people: list[tuple[Person, str]], income_fen: int
) -> Household:
    """Write a household of ``people`` (the head first, with each one's relation to the head) and its account."""
    rng = scene.rng
    members = [Member(scene.ids("CY"), each, relation) for each, relation in people]
    lon, lat = town.lon + rng.uniform(-0.03, 0.03), town.lat + rng.uniform(-0.025, 0.025)
    head = members[0].person
    made = Household(scene.ids("JT"), town, village, members, income_fen, round(lon, 6), round(lat, 6),
                     open_account(scene, head, "户主" if len(people) > 1 else "本人"))  # fmt: skip
    scene.book.add(
        "t_jt", jtbh=made.id, qhdm=village.code, hzbh=head.id, dz=f"{town.name}{village.name}{rng.randrange(1, 400)}号",
        cxlb=village.kind, jd=made.lon, wd=made.lat, gxsj=scene.since,
    )  # fmt: skip
    for member in members:
        add_member(scene, made.id, member, _since(scene, member.person))
    return made


def add_member(
    scene: Scene, household_id: str, member: Member, since: date, until: date | None = None, at: datetime | None = None
) -> None:
    scene.book.add(
        "t_jtcy", cybh=member.id, jtbh=household_id, rybh=member.person.id, yhzgx=member.relation,
        bzrk="是" if member.counted else "否", qsrq=since, zzrq=until, sczt=0, gxsj=at or scene.since,
    )  # fmt: skip


def open_account(scene: Scene, holder: Person, role: str, *, agreement: bool = False) -> Account:
    """Write an account of ``holder``'s, last changed long ago."""
    account = Account(identity.card_number(scene.rng), holder.name)
    add_account(scene, account, holder.number, role, agreement=agreement)
    return account


def add_account(scene: Scene, account: Account, holder_number: str | None, role: str, *, agreement: bool) -> None:
    changed = scene.since - timedelta(days=scene.rng.randrange(100, 900))
    scene.book.add(
        "t_zh", zhbh=scene.ids("ZH"), yhzh=account.number, hm=account.holder, ckrsfzh=holder_number, bgsj=changed,
        bgr=None, dlxy="有" if agreement else "无", ckrlx=role, gxsj=scene.since,
    )  # fmt: skip


def income(scene: Scene, standard_fen: int, lowest: float = 0.15, highest: float = 0.8) -> int:
    """Return a verified income per head, whole yuan, that leaves a difference worth paying (or so many standards)."""
    return round(standard_fen * scene.rng.uniform(lowest, highest)) // 100 * 100


def family(scene: Scene, town: Town, size: int, income_fen: int, *, disabled: bool = False) -> Household:
    """Write an ordinary household of ``size`` people; with ``disabled``, its head is severely disabled."""
    rng = scene.rng
    village = rng.choice(town.villages)
    name = identity.surname(rng)
    disability = (rng.choice(DISABILITIES), rng.choice(GRADES[:2])) if disabled else None
    head = person(scene, village, (38, 68), surname=name, disability=disability)
    others = [_relative(scene, village, head, name, place) for place in range(1, size)]
    return household(scene, town, village, [(head, "户主"), *others], income_fen)


def _relative(scene: Scene, village: Village, head: Person, name: str, place: int) -> tuple[Person, str]:
    if place == 1:
        spouse = person(scene, village, (38, 66), sex="女" if head.sex == "男" else "男")
        _kin(scene, head, spouse, "配偶")
        return spouse, "配偶"
    if place == 3:
        return person(scene, village, (70, 79), surname=name), "父母"
    child = person(scene, village, (5, 17), surname=name)
    _kin(scene, head, child, "子女")
    return child, "子女"


def _kin(scene: Scene, one: Person, other: Person, relation: str) -> None:
    scene.book.add("t_qs", qsbh=scene.ids("QS"), rybh=one.id, gxrbh=other.id, gx=relation, gxsj=scene.since)


def _since(scene: Scene, member: Person) -> date:
    return max(member.born, scene.since.date() - timedelta(days=2200))
