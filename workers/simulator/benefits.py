"""Benefits: what a household or a person receives each month once its case is decided."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workers.simulator.book import yuan
from workers.simulator.cases import Case
from workers.simulator.months import add_months, first_day, month_of
from workers.simulator.people import Account, Household, Person
from workers.simulator.rates import standard_fen, tier_fen, year_of_rate
from workers.simulator.scene import Scene


@dataclass(slots=True)
class Benefit:
    id: str
    programme: str
    household: Household
    person: Person | None
    account: Account
    start: str
    end: str | None
    covered: int
    category: str | None
    extras_fen: int
    known_at: datetime  # when it was decided: earlier payments cannot be
    arrears: tuple[str, ...] = ()

    @property
    def payee(self) -> Person:
        return self.person or self.household.head

    @property
    def is_paid(self) -> bool:
        return self.programme not in ("低保边缘", "刚性支出")

    def holds_in(self, month: str) -> bool:
        return self.start <= month <= (self.end or "999912")

    def amount_fen(self, month: str) -> int:
        """Return what the rules give for ``month``."""
        county = self.household.town.county
        if not self.is_paid:
            return 0
        if self.category is not None:
            return tier_fen(county, self.programme, self.category, month) + self.extras_fen
        difference = standard_fen(county, self.household.village.kind, month) - self.household.income_fen
        return max(difference, 0) * self.covered + self.extras_fen


@dataclass(frozen=True, slots=True)
class Terms:
    """How a benefit is granted; ``end`` and ``why`` say how it ended, if it did."""

    programme: str = "低保"
    person: Person | None = None
    account: Account | None = None
    category: str | None = None
    covered: int | None = None
    extras_fen: int = 0
    start: str | None = None
    end: str | None = None
    why: str | None = None
    gradual_from: str | None = None
    review: str = "B"
    valid_to: date | None = None


def grant(scene: Scene, household: Household, case: Case | None, terms: Terms, decided_at: datetime) -> Benefit:
    """Write a benefit that ``case`` led to (None: nobody decided it) and return it."""
    person = terms.person
    benefit = Benefit(
        scene.ids("BZ"), terms.programme, household, person,
        terms.account or (household.account_of(person) if person else household.account),
        terms.start or add_months(month_of(decided_at.date()), 1), terms.end,
        terms.covered or (1 if person else household.n_counted), terms.category, terms.extras_fen, decided_at,
    )  # fmt: skip
    at = decided_at + timedelta(minutes=10)
    if terms.end is not None and terms.end <= scene.month:
        at = max(at, _stopped_at(scene, terms.end))
    last = min(benefit.end or scene.month, scene.month)
    amount = benefit.amount_fen(last)
    at = max(at, _adjusted_at(benefit, last) or at)
    scene.put(
        "t_bz", at, bzbh=benefit.id, jzlx=benefit.programme, jtbh=household.id, rybh=person.id if person else None,
        sqbh=case.id if case else None, qhdm=household.town.code, bzrs=benefit.covered, yje=yuan(amount),
        jsfs=("分档" if benefit.category else "差额") if benefit.is_paid else None, qsny=benefit.start,
        jsny=benefit.end, tbyy=terms.why, fjje=yuan(benefit.extras_fen), fl=terms.review,
        schcrq=_last_review(scene, decided_at), yxq=terms.valid_to, jtqsny=terms.gradual_from, sczt=0,
    )  # fmt: skip
    return benefit


def _adjusted_at(benefit: Benefit, month: str) -> datetime | None:
    """When the record last followed a rise of the standard; None where none changed its amount."""
    rise = f"{year_of_rate(month)}07"
    if benefit.start < rise and benefit.amount_fen(add_months(rise, -1)) != benefit.amount_fen(rise):
        return datetime.combine(first_day(rise), datetime.min.time()) + timedelta(hours=9)
    return None


def _stopped_at(scene: Scene, end: str) -> datetime:
    day = date(int(end[:4]), int(end[4:]), 18)
    return min(datetime.combine(day, datetime.min.time()) + timedelta(hours=15), scene.now)


def _last_review(scene: Scene, decided_at: datetime) -> date:
    """Everybody was looked at within the last five months, or decided since."""
    return max(scene.now.date() - timedelta(days=scene.rng.randrange(5, 150)), decided_at.date())
