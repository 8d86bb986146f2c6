"""The people of one township and how they are helped: every household here is lawful."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workers.simulator import cases, outreach, registers, workdays
from workers.simulator.benefits import Benefit, Terms, grant
from workers.simulator.book import Row
from workers.simulator.cases import Case, Wish, open_case
from workers.simulator.geography import Town
from workers.simulator.months import add_months, first_day, last_day, month_of
from workers.simulator.payments import Line, pay_history, write_batch
from workers.simulator.people import Account, Household, family, household, income, open_account, person
from workers.simulator.rates import FIRST_YEAR, standard_fen
from workers.simulator.scene import Scene


@dataclass
class Township:
    """One township being written; ``home`` is the account of the county's care home."""

    scene: Scene
    town: Town
    home: Account
    benefits: list[Benefit] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)

    def settle(self, count: int) -> None:
        """Write ``count`` households with their cases, benefits, visits and a year of payments."""
        kinds, weights = zip(*_KINDS.items(), strict=True)
        for make in self.scene.rng.choices(kinds, weights, k=count):
            made = make(self)
            self.households.append(made)
            registers.ordinary_records(self.scene, made)
            self._visits(made)
        pay_history(self.scene, self.town, self.benefits)
        outreach.push_clues(self.scene, self.town, self.households)

    def begin(self, *, recent: bool | None = None) -> datetime:
        """Return when a case began: most before the history, some within it, a few still open."""
        scene = self.scene
        today = scene.now.date()
        recent = scene.rng.random() < 0.2 if recent is None else recent
        first, last = (scene.since.date(), today) if recent else (date(FIRST_YEAR + 1, 1, 10), scene.since.date())
        day = workdays.at_or_before(scene.day_between(max(first, last - timedelta(days=900)), last - timedelta(days=1)))
        return datetime.combine(day, datetime.min.time()) + timedelta(minutes=scene.rng.randrange(510, 900))

    def decide(self, made: Household, wish: Wish, terms: Terms, *, recent: bool | None = None) -> Benefit:
        """Write a lawful case and the benefit it leads to."""
        case = open_case(self.scene, self.town, made, self.begin(recent=recent), wish)
        benefit = grant(self.scene, made, case, terms, case.decided_at)
        self.benefits.append(benefit)
        return benefit

    def _visits(self, made: Household) -> None:
        scene = self.scene
        for quarter in range(3):
            day = workdays.at_or_before(scene.now.date() - timedelta(days=20 + 90 * quarter + scene.rng.randrange(40)))
            outreach.add_visit(scene, made, scene.office_hour(day), "季度排查")
        for ago in outreach.CARE_DAYS.get(outreach.colour(made), ()):
            outreach.add_visit(scene, made, scene.office_hour(scene.now.date() - timedelta(days=ago)), "关爱探访")


_EARNS_FEN = 160_000  #: a month for each, found where a benefit ends for income


def _poor_family(
    self: Township, *, disabled: bool = False, standards: tuple[float, float] = (0.15, 0.8), smallest: int = 1
) -> Household:
    scene = self.scene
    village_rate = standard_fen(self.town.county, "农村", f"{FIRST_YEAR}07")
    size = max(scene.rng.choices((1, 2, 3, 4), (42, 29, 19, 10))[0], smallest)
    return family(scene, self.town, size, income(scene, village_rate, *standards), disabled=disabled)


def _dibao(self: Township) -> Household:
    rng = self.scene.rng
    made = _poor_family(self, disabled=rng.random() < 0.25)
    _stray_member(self, made)
    path, course = rng.choices(
        (("普通", cases.COUNTY), ("委托下放", cases.TOWNSHIP), ("告知承诺", cases.COMMITMENT)), (5, 4, 1)
    )[0]
    terms = Terms(extras_fen=rng.choice((0, 0, 0, 5000, 8000)), review=rng.choice("AB"))
    benefit = self.decide(made, Wish(path=path, course=course), terms)
    if rng.random() < 0.07:
        why = rng.choice(("收入超标", "迁出", "自愿"))
        if _stop(self, benefit, why, self.scene.rng.randrange(2, 9)) and why == "收入超标":
            found_at = datetime.combine(last_day(benefit.end or ""), datetime.min.time())
            cases.check(self.scene, _row(self, benefit)["sqbh"], made, found_at, _EARNS_FEN)
    elif made.head.is_severely_disabled:
        _disability(self, made, "困难残疾人生活补贴", "重度残疾人护理补贴")
    return made


def _stop(self: Township, benefit: Benefit, why: str, months_ago: int) -> bool:
    """End a benefit with a month in the history; leave it alone where it began later."""
    month = add_months(self.scene.month, -months_ago)
    if benefit.start >= month:
        return False
    benefit.end = month
    _row(self, benefit).update({"jsny": month, "tbyy": why, "gxsj": datetime.combine(last_day(month), datetime.min.time())})
    return True


def _row(self: Township, benefit: Benefit) -> Row:
    return next(row for row in reversed(self.scene.book.rows["t_bz"]) if row["bzbh"] == benefit.id)


def _stray_member(self: Township, made: Household) -> None:
    """Some households list a member who does not count: in prison, away with the army."""
    scene = self.scene
    if len(made.members) < 3 or scene.rng.random() > 0.1:
        return
    gone = made.members[-1]
    gone.counted = False
    next(row for row in reversed(scene.book.rows["t_jtcy"]) if row["cybh"] == gone.id)["bzrk"] = "否"
    if (scene.now.date() - gone.person.born).days > 17 * 365:
        registers.custody(
            scene, gone.person, scene.since.date() - timedelta(days=500), scene.now.date() + timedelta(days=700)
        )


def _disability(self: Township, made: Household, *programmes: str) -> None:
    """Subsidies for the disabled are paid from the month of application; what is owed by then comes as arrears."""
    who = made.head
    for programme in programmes:
        begun = self.begin()
        wish = Wish(programme=programme, course=cases.ALLOWANCE, person=who)
        case = open_case(self.scene, self.town, made, begun, wish)
        terms = Terms(programme=programme, person=who, category=who.grade, start=month_of(begun.date()))
        self.benefits.append(grant(self.scene, made, case, terms, case.decided_at))


def _tekun(self: Township) -> Household:
    scene, rng = self.scene, self.scene.rng
    village = rng.choice(self.town.villages)
    made = household(scene, self.town, village, [(person(scene, village, (62, 84)), "户主")], 0)
    lives_in_home = rng.random() < 0.25
    category = village.kind + rng.choice(("全自理", "半护理", "全护理"))
    terms = Terms("特困", made.head, self.home if lives_in_home else made.account, category)
    benefit = self.decide(made, Wish("特困", course=cases.VISITED), terms)
    if rng.random() < 0.04 and not lives_in_home:
        _die(self, made, benefit)
    return made


def _die(self: Township, made: Household, benefit: Benefit) -> None:
    """The person died in the history; payment ended with that month."""
    if _stop(self, benefit, "死亡", self.scene.rng.randrange(2, 8)):
        day = first_day(benefit.end or "") + timedelta(days=self.scene.rng.randrange(9, 25))
        registers.death(self.scene, made.head, day)


def _margin(self: Township) -> Household:
    made = _poor_family(self)
    self.decide(made, Wish("低保边缘", course=cases.COUNTY), Terms("低保边缘"))
    return made


def _rigid(self: Township) -> Household:
    made = _poor_family(self)
    self.decide(made, Wish("刚性支出", course=cases.UNPUBLISHED), Terms("刚性支出"))
    return made


def _temporary(self: Township) -> Household:
    """One-off aid: in an emergency paid first, with the papers after; otherwise decided first."""
    scene, rng = self.scene, self.scene.rng
    made = _poor_family(self, standards=(1.2, 1.9), smallest=2)  # who is poorer, or old and alone, is due more than once
    begun = self.begin(recent=True)
    emergency = rng.random() < 0.5
    wish = Wish("临时救助", "急难" if emergency else "普通", cases.EMERGENCY if emergency else cases.TEMPORARY,
                cause=rng.choice(("火灾", "交通事故", "突发重病", "子女就学")))  # fmt: skip
    case = open_case(scene, self.town, made, begun, wish)
    paid_at = case.at.get("首次发放", case.decided_at + timedelta(days=1))
    if paid_at < scene.now:
        add_one_off(scene, self.town, made, case, paid_at)
    return made


def add_one_off(scene: Scene, town: Town, made: Household, case: Case, paid_at: datetime) -> None:
    """Write the aid as a batch of one line."""
    line = Line(None, made.id, made.head, made.account, scene.rng.randrange(5, 28) * 10_000, kind="一次性")
    write_batch(scene, town, "临时救助", month_of(paid_at.date()), [line], extra=case.id[2:], paid_at=paid_at)


def _orphan(self: Township) -> Household:
    """A child lives with a grandparent, who is the guardian and holds the account under an agreement."""
    scene, rng = self.scene, self.scene.rng
    village = rng.choice(self.town.villages)
    elder = person(scene, village, (58, 75))
    child = person(scene, village, (4, 14), surname=elder.name[0])
    made = household(scene, self.town, village, [(elder, "户主"), (child, "孙子女")], 60_000)
    guardian = open_account(scene, elder, "监护人", agreement=True)
    programme = rng.choice(("孤儿", "事实无人抚养儿童"))
    terms = Terms(programme, child, guardian, "社会散居", review="A")
    self.decide(made, Wish(programme, course=cases.UNPUBLISHED, exempt=True, person=child), terms)
    return made


def _old_age(self: Township) -> Household:
    scene, rng = self.scene, self.scene.rng
    village = rng.choice(self.town.villages)
    ages, category = rng.choices((((82, 88), "80至89周岁"), ((92, 97), "90至99周岁")), (9, 1))[0]
    people = [(person(scene, village, ages), "户主")]
    if rng.random() < 0.6:
        people.append((person(scene, village, (72, 79)), "配偶"))
    made = household(scene, self.town, village, people, 150_000)
    self.decide(made, Wish("高龄津贴", course=cases.ALLOWANCE), Terms("高龄津贴", made.head, made.account, category))
    return made


def _care_only(self: Township) -> Household:
    """An ordinary family with a severely disabled member, who has the care subsidy alone."""
    made = family(self.scene, self.town, self.scene.rng.choice((2, 3)), 220_000, disabled=True)
    _disability(self, made, "重度残疾人护理补贴")
    return made


def _refused(self: Township) -> Household:
    """Somebody who was told no, or changed their mind."""
    rng = self.scene.rng
    made = family(self.scene, self.town, rng.choice((2, 3)), 160_000)
    wish = rng.choice((
        Wish(course=cases.REFUSED, agreed=False), Wish(course=cases.REFUSED, agreed=False),
        Wish(course=cases.NOT_ACCEPTED, agreed=False), Wish(course=cases.WITHDRAWN),
    ))  # fmt: skip
    open_case(self.scene, self.town, made, self.begin(recent=True), wish)
    return made


_KINDS: dict[Callable[[Township], Household], int] = {
    _dibao: 48, _tekun: 13, _margin: 8, _rigid: 2, _temporary: 6, _orphan: 2, _old_age: 9, _care_only: 7, _refused: 5,
}  # fmt: skip
