"""The full state of a page is its address: reading it, and making the address of the next step."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from monitors.entities import PROGRAMMES

SHANGHAI = ZoneInfo("Asia/Shanghai")
CARDS = ("red", "yellow", "notice")
STAGES = ("open", "assigned", "replied", "verified", "closed", "dismissed")
ACTIVE = ("open", "assigned", "replied", "verified")  # somebody still has to do something
SUBJECTS = (
    "application", "household", "person", "account", "benefit", "payment_batch", "project", "provider", "unit",
    "staff", "region_month", "feed", "finding",
)  # fmt: skip
WAITS = ("assess", "reply", "verify", "correct", "close")  # what comes next
WAIT_IN = {"assess": "open", "reply": "assigned", "verify": "replied", "correct": "verified", "close": "verified"}  # the stage of each
DUES = {"late": 0, "today": 1, "week": 8}  # due before so many midnights from today's, late ones included
KEPT = {"kept": True, "missed": False}  # also of ``due``: whether every date that was set was kept
#: What people found; lifted: not true, wrong data or exempt; unfounded: the first two of these; verified: whatever it was.
OUTCOMES = ("confirmed", "lifted", "unfounded", "verified", "undecided")
DONE = ("handed_over", "corrected")  # what people did
MEASURES = ("median", "p90", "late")  # what a cell of the heat map says; the first where nothing is said
LEFT = ("late", "today", "soon", "later", "far")  # how long a limit still runs
RANGES = {"24h": 1, "7d": 7, "30d": 30, "90d": 90, "365d": 365}  # days, today included
KEY = re.compile(r"[\w\-./:]{1,96}")
REGION = re.compile(r"\d{12}")
RULE = re.compile(r"[A-Z]\d{2}[a-z]?")
STEP = re.compile(r"[A-Z][A-Z_]{1,31}")
WHO = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
LIST = re.compile(r"[a-z][a-z0-9\-]{1,39}")
WORD = re.compile(r"[a-z][a-z_\-]{1,39}")
ORDER = re.compile(r"[a-z_]{1,24}\.(asc|desc)(,[a-z_]{1,24}\.(asc|desc)){0,2}")
SAMPLE = re.compile(r"([1-9]\d{0,2}|1000)-(\d{6})")
COURSE = re.compile(r"(all|broken|unknown|backdated|late|skipped|reversed|repeated|variant|step|edge)(:[A-Z0-9_\-]{1,120})?")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is asked for. Nothing set means everything; what is not understood is dropped, never guessed."""

    region: str | None = None
    programme: str | None = None
    span: str | None = None  # a key of RANGES; start and end win over it
    start: date | None = None
    end: date | None = None
    family: str | None = None
    rule: tuple[str, ...] = ()
    card: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    subject_kind: str | None = None
    subject_key: str | None = None
    unit: str | None = None
    present: bool | None = None
    silenced: bool | None = None  # whether somebody keeps it from the work lists for a while
    amount: bool | None = None  # True: only findings with money at risk
    since: datetime | None = None  # changed at or after
    waits: str | None = None  # one of WAITS
    due: str | None = None  # a key of DUES or KEPT
    outcome: str | None = None  # one of OUTCOMES
    done: str | None = None  # one of DONE
    measure: str | None = None  # one of MEASURES
    step: str | None = None  # a stage code, or WHOLE: the cases behind a number
    left: str | None = None  # one of LEFT
    course: str | None = None  # page Procedure: what the applications listed have in common, "skipped:VISIT"
    rows: str | None = None  # which list of its own a page shows
    order: str | None = None  # of the work list: "amount.desc,card.asc"
    who: str | None = None  # page Trail: whose acts
    what: str | None = None  # page Trail: which act
    before: int | None = None  # page Trail: older than this line
    known: date | None = None  # of a dossier: as it was known when this day ended
    sample: str | None = None  # "30-482913": so many by chance, and the seed; another question forgets it
    said: int | None = None  # how many rows the number said that led here; another question forgets it

    def but(self, **changes: Any) -> "Filters":
        """Return the same question with some parts changed."""
        return replace(self, **({"said": None, "sample": None} | changes))

    def scope(self) -> "Filters":
        """Keep only what every page understands: place, programme, time."""
        kept = ("region", "programme", "span", "start", "end")
        return Filters(**{name: getattr(self, name) for name in kept})

    def search(self) -> str:
        """Return the query string, always in the same order, so that equal questions have equal addresses."""
        pairs = [(ADDRESS[f.name], _written(getattr(self, f.name))) for f in fields(self)]
        text = urlencode([(name, value) for name, value in pairs if value], safe=",:")
        return f"?{text}" if text else ""

    def href(self, path: str) -> str:
        """Return the address of ``path`` with this question."""
        return path + self.search()

    def window(self, now: datetime, default: str | None = None) -> tuple[datetime | None, datetime | None]:
        """Return the half-open time range asked for, as instants; (None, None) means all time."""
        if self.start or self.end:
            return _midnight(self.start), _midnight(self.end and self.end + timedelta(days=1))
        span = self.span or default
        if span is None:
            return None, None
        tomorrow = now.astimezone(SHANGHAI).date() + timedelta(days=1)
        return _midnight(tomorrow - timedelta(days=RANGES[span])), _midnight(tomorrow)

    @property
    def known_before(self) -> datetime | None:
        """Return the instant up to which what was known is asked for; None: until now."""
        return end_of(self.known) if self.known else None

    @property
    def drawn(self) -> tuple[int | None, str | None]:
        """Return how many findings the sample has, and its seed; (None, None): all of them."""
        size, _, seed = (self.sample or "").partition("-")
        return (int(size), seed) if seed else (None, None)

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the stages the answer can lie in (empty: any): said to the database, it need not look at the others."""
        if self.stage:
            return self.stage
        return (WAIT_IN[self.waits],) if self.waits else ("assigned", "verified") if self.due in DUES else ()

    def due_before(self, now: datetime) -> datetime | None:
        """Return the instant before which something must be due; None means whenever."""
        if self.due not in DUES:
            return None
        return now if self.due == "late" else _midnight(now.astimezone(SHANGHAI).date() + timedelta(days=DUES[self.due]))


ADDRESS = {f.name: f.name for f in fields(Filters)} | {"span": "range", "start": "from", "end": "to"}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def end_of(day: date) -> datetime:
    """Return the instant a day is over: what is due on it is late from then on."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) if day else None


def parse(search: str | None) -> Filters:
    """Read a query string. Anything unknown or malformed is left out."""
    given = {name: values[-1] for name, values in parse_qs((search or "").lstrip("?")).items()}
    return Filters(
        region=_matching(REGION, given.get("region")),
        programme=_one_of(PROGRAMMES, given.get("programme")),
        span=_one_of(RANGES, given.get("range")),
        start=_date(given.get("from")),
        end=_date(given.get("to")),
        family=_matching(WORD, given.get("family")),
        rule=tuple(code for code in _listed(given.get("rule")) if RULE.fullmatch(code)),
        card=tuple(card for card in CARDS if card in _listed(given.get("card"))),
        stage=_stages(given.get("stage")),
        subject_kind=_one_of(SUBJECTS, given.get("subject_kind")),
        subject_key=_matching(KEY, given.get("subject_key")),
        unit=_matching(KEY, given.get("unit")),
        present={"true": True, "false": False}.get(given.get("present", "")),
        silenced={"true": True, "false": False}.get(given.get("silenced", "")),
        amount=given.get("amount") == "true" or None,
        since=_instant(given.get("since")),
        waits=_one_of(WAITS, given.get("waits")),
        due=_one_of((*DUES, *KEPT), given.get("due")),
        outcome=_one_of(OUTCOMES, given.get("outcome")),
        done=_one_of(DONE, given.get("done")),
        measure=_one_of(MEASURES, given.get("measure")),
        step=_matching(STEP, given.get("step")),
        left=_one_of(LEFT, given.get("left")),
        course=_matching(COURSE, given.get("course")),
        rows=_matching(LIST, given.get("rows")),
        order=_matching(ORDER, given.get("order")),
        who=_matching(WHO, given.get("who")),
        what=_matching(WORD, given.get("what")),
        before=_whole(given.get("before"), 18),
        known=_date(given.get("known")),
        sample=_matching(SAMPLE, given.get("sample")),
        said=_whole(given.get("said"), 9),
    )


def _stages(text: str | None) -> tuple[str, ...]:
    """Read a list of stages; "active" stands for all in which somebody still has to act."""
    named = _listed(text)
    return tuple(stage for stage in STAGES if stage in named or ("active" in named and stage in ACTIVE))


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((text or "").split(",")))[:200]


def _matching(pattern: re.Pattern[str], text: str | None) -> str | None:
    return text if text and pattern.fullmatch(text) else None


def _whole(text: str | None, digits: int) -> int | None:
    return int(text) if re.fullmatch(f"[0-9]{{1,{digits}}}", text or "") else None


def _one_of(known: Any, text: str | None) -> str | None:
    return text if text in known else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _instant(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.replace(" ", "+")) if text else None
    except ValueError:
        return None
    return at.replace(tzinfo=SHANGHAI) if at and at.tzinfo is None else at
