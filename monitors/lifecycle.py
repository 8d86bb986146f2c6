"""What people may do about a finding, and when: 研判 → 交办 → 回复 → 核验 → 整改 → 复核 → 销号 (domain §5.4).

Pure: a finding as it stands and who asks, in; why not, out. Nothing here touches a payment or a benefit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["true", "not_true", "data_problem", "exempt"]
OUTCOMES: tuple[Outcome, ...] = ("true", "not_true", "data_problem", "exempt")
#: Why somebody who did what was due is not held to account (民发〔2021〕57号 第39条; domain §5.5).
EXEMPT_REASONS = ("procedure_whole", "concealed", "data_late", "policy_unclear", "aid_first", "system_error")
DISMISS_REASONS = ("explained_by_rule", "known_already", "system_error", "data_problem")
PAST_FACT = "past_fact"  #: why a finding is closed although it still holds: what happened cannot be undone
#: Rules about findings; nothing is judged by what they find (design §11.11).
ABOUT_FINDINGS = frozenset({"T24", "T25", "T26", "Q11"})
#: Why a finding is kept from the work lists for a while.
SILENCE_REASONS = ("awaiting_policy", "system_change", "handled_elsewhere")
SILENCE_DAYS = 90  #: calendar days a silence may last; after it the finding is back by itself
HEARING_DAYS = 10  #: working days a citizen has to explain before anything adverse is recorded (domain §9.1.5)
REPLY_DAYS, RECTIFY_DAYS = 5, 15  #: working days proposed for a reply and for a correction


@dataclass(frozen=True, slots=True)
class Step:
    """One thing people do: from which stages, by whose right, to which stage (None: it stays), what it asks for."""

    name: str
    stages: tuple[str, ...]
    to: str | None
    rights: tuple[str, ...]
    asks: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """What of a step is told in the finding's story, beside the words."""
        told = {"due": "due_on", "dismiss_reason": "reason", "silence_reason": "reason", "past_fact": "reason"}
        named = dict.fromkeys(told.get(one, one) for one in self.asks if one != "note")
        return (*named, *(("version",) if self.name in ("verify", "dismiss") else ()))


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("acknowledge", ("open", "assigned"), None, ("act", "answer")),
        Step("hand_over", ("open", "assigned"), "assigned", ("act",), ("unit", "due", "note")),
        Step("dismiss", ("open",), "dismissed", ("act",), ("dismiss_reason", "note")),
        Step("silence", ("open", "assigned"), None, ("act",), ("silence_reason", "due", "note")),
        Step("end_silence", ("open", "assigned"), None, ("act",), ("note",)),
        Step("tell", ("open", "assigned", "replied"), None, ("act", "answer"), ("note",)),
        Step("explain", ("open", "assigned", "replied"), None, ("act", "answer"), ("note",)),
        Step("reply", ("assigned",), "replied", ("answer", "act"), ("note",)),
        Step("send_back", ("replied",), "assigned", ("act",), ("due", "note")),
        Step("verify", ("open", "replied"), "verified", ("act",), ("outcome", "against", "reason", "due", "note")),
        Step("rectify", ("verified",), None, ("answer", "act"), ("note",)),
        Step("rectify_again", ("verified",), None, ("act",), ("due", "note")),
        Step("close", ("verified",), "closed", ("act",), ("past_fact", "note")),
        Step("remind", ("assigned", "verified"), None, ("act",), ("note",)),
        Step("annotate", ("open", "assigned", "replied", "verified", "closed", "dismissed"), None, ("act", "answer", "export"), ("note",)),
        Step("reopen", ("closed", "dismissed"), "open", ("act",), ("note",)),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding as people left it and as the machine sees it now."""

    stage: str
    card: str | None  # as the ladder has it, before lowering
    present: bool
    is_stale: bool
    about_citizen: bool
    acknowledged: bool = False
    told: bool = False
    explained: bool = False
    heard_days: int = 0  # working days since the citizen was told
    assigned_by: str | None = None
    verified_by: str | None = None
    outcome: str | None = None
    rectified: bool = False
    silenced: bool = False
    one_source: bool = False  # a comparison with one register alone (monitors.registers.sources)

    @property
    def needs_two(self) -> bool:
        """Four eyes: red cards, and whatever is confirmed (domain §9.1.9, §10 E4)."""
        return self.card == "red" or self.outcome == "true"


COLLEAGUE_VERIFIES = "Who handed a finding over does not confirm it: ask a colleague."
COLLEAGUE_CLOSES = "A red card, or what was confirmed, is closed by somebody else than who verified it."
RED_IS_HEARD = "A red card cannot be silenced."
NOT_SILENT = "This finding is not silenced."
RED_IS_VERIFIED = "A red card is not dismissed by one person: verify it, and let a colleague close it."
NOT_HEARD = "The person concerned must be told and have 10 working days to explain, or have explained, before this is confirmed."
ONE_SOURCE = "This rests on one register: say what it was verified against (a second source, a visit, a paper) before it is confirmed."
STILL_THERE = "The data still shows it. It can be closed when it is corrected, or as a past fact that cannot be undone."
CANNOT_KNOW = "A source this rule needs is late: whether it is corrected cannot be known now."
NOT_RECTIFIED = "The correction has not been reported yet."
DONE_ALREADY = "This has been done already."
NOT_A_CITIZEN = "This finding is not about a citizen."
ONLY_CONFIRMED = "Only what was confirmed has to be corrected."
REFUSALS = (COLLEAGUE_VERIFIES, COLLEAGUE_CLOSES, RED_IS_VERIFIED, NOT_HEARD, STILL_THERE, CANNOT_KNOW, NOT_RECTIFIED, DONE_ALREADY,
            NOT_A_CITIZEN, ONLY_CONFIRMED, RED_IS_HEARD, NOT_SILENT, ONE_SOURCE)  # fmt: skip


def steps_at(stage: str, rights: Iterable[str]) -> list[Step]:
    """Return the steps somebody with these rights may think of at a stage, in their usual order."""
    held = set(rights)
    return [step for step in STEPS.values() if stage in step.stages and held & set(step.rights)]


def refusal(
    step: Step, now: Standing, who: str, *, outcome: str | None = None, past_fact: bool = False, seconded: bool = False
) -> str | None:
    """Return why ``who`` may not take ``step`` now (one of REFUSALS), None when nothing stands against it.

    ``outcome`` is the verdict of a verification, ``seconded`` whether it names what that was verified by, ``past_fact`` what is said of a
    closing.
    """
    against: dict[str, Callable[[], str | None]] = {
        "acknowledge": lambda: DONE_ALREADY if now.acknowledged else None,
        "tell": lambda: _of_citizens(now, done=now.told),
        "explain": lambda: _of_citizens(now, done=now.explained),
        "dismiss": lambda: RED_IS_VERIFIED if now.card == "red" else None,
        "silence": lambda: RED_IS_HEARD if now.card == "red" else None,
        "end_silence": lambda: None if now.silenced else NOT_SILENT,
        "verify": lambda: _of_verdict(now, who, seconded=seconded) if outcome == "true" else None,
        "rectify": lambda: _of_correction(now, DONE_ALREADY if now.rectified else None),
        "rectify_again": lambda: _of_correction(now, None if now.rectified else NOT_RECTIFIED),
        "close": lambda: _of_closing(now, who, past_fact=past_fact),
    }
    return against[step.name]() if step.name in against else None


def _of_citizens(now: Standing, *, done: bool) -> str | None:
    if not now.about_citizen:
        return NOT_A_CITIZEN
    return DONE_ALREADY if done else None


def _of_verdict(now: Standing, who: str, *, seconded: bool) -> str | None:
    """One register alone confirms nothing: a second source does, or what somebody verified it against (domain §10.4 E01)."""
    if who == now.assigned_by:
        return COLLEAGUE_VERIFIES
    if now.about_citizen and not (now.explained or (now.told and now.heard_days >= HEARING_DAYS)):
        return NOT_HEARD
    return ONE_SOURCE if now.one_source and not seconded else None


def _of_correction(now: Standing, otherwise: str | None) -> str | None:
    return otherwise if now.outcome == "true" else ONLY_CONFIRMED


def _of_closing(now: Standing, who: str, *, past_fact: bool) -> str | None:
    """A confirmed finding is closed when it was corrected and the data no longer shows it (对账销号)."""
    if now.needs_two and who == now.verified_by:
        return COLLEAGUE_CLOSES
    return _of_corrected(now, past_fact=past_fact) if now.outcome == "true" else None


def _of_corrected(now: Standing, *, past_fact: bool) -> str | None:
    if not now.rectified:
        return NOT_RECTIFIED
    if past_fact:
        return None
    return CANNOT_KNOW if now.is_stale else STILL_THERE if now.present else None
