"""The sentence above each picture, computed: what one would say aloud, and what a screen reader says."""

from collections.abc import Mapping, Sequence
from datetime import date

from console import format as shown
from console import words
from console.i18n import t, tn, together
from console.queries.data import Feed
from console.queries.findings import DayCount, Place
from console.url import Filters

CARD_ORDER = ("red", "yellow", "notice")


def listed(parts: Sequence[str]) -> str:
    """Return parts as one would list them aloud."""
    return t(", ").join(part for part in parts if part)


def places(found: Sequence[Place]) -> str:
    """Say where most open cards are, and where nothing is known."""
    known = [place for place in found if not place.unknown]
    total = sum(place.n for place in known)
    said = t("No open cards in the places we can see.")
    if total:
        first = max(known, key=lambda place: place.n)
        part = shown.share(first.n / total)
        said = tn("{place} has most: {n} card, {share} of {all}.", "{place} has most: {n} cards, {share} of {all}.",
                  first.n, place=first.name, share=part, all=shown.count(total))  # fmt: skip
    blind = [place.name for place in found if place.unknown]
    if not blind:
        return said
    if len(blind) > 3:
        return together(said, t("Unknown: {n} places.", n=len(blind)))
    return together(said, t("Unknown: {places}.", places=listed(blind)))


def trend(counts: Sequence[DayCount], days: Sequence[date]) -> str:
    """Say how many a day, and which day had most."""
    total = sum(count.n for count in counts)
    if not total or not days:
        return t("No findings opened in this time.")
    by_day: dict[date, int] = {}
    for count in counts:
        by_day[count.day] = by_day.get(count.day, 0) + count.n
    most = max(by_day, key=lambda day: (by_day[day], day))
    return t(
        "{n} findings in {days} days, {mean} a day; most on {day}: {most}.",
        n=shown.count(total), days=len(days), mean=f"{total / len(days):,.1f}", day=most.isoformat(), most=shown.count(by_day[most]),
    )  # fmt: skip


def today(by_card: Mapping[str, int]) -> str:
    """Say how many findings were found today, by card."""
    total = sum(by_card.values())
    if not total:
        return t("Nothing found today so far.")
    parts = [f"{t(words.CARD_SHORT[card])} {by_card[card]:,}" for card in (*CARD_ORDER, "cleared") if by_card.get(card)]
    return tn("{n} found today: {parts}.", "{n} found today: {parts}.", total, parts=listed(parts))


def feeds(found: Sequence[Feed]) -> str:
    """Say how many sources are on time, and how many are silent or out of date."""
    if not found:
        return t("No source has been declared: lateness cannot be judged.")
    silent = sum(feed.silent_since is not None for feed in found)
    old = sum(feed.stale_since is not None and feed.silent_since is None for feed in found)
    fine = len(found) - silent - old
    said = t("{fine} of {all} sources are on time", fine=fine, all=len(found))
    late = [
        tn("{n} silent", "{n} silent", silent) if silent else "",
        tn("{n} out of date", "{n} out of date", old) if old else "",
    ]
    return said + (t("; ") + listed(late) if silent or old else "") + t(".")


def total(n: int, amount_fen: int, n_no_amount: int) -> str:
    """Say what a list adds up to."""
    said = tn("{n} finding", "{n} findings", n)
    if amount_fen:
        said += t(", {sum} at risk", sum=shown.yuan(amount_fen))
    if amount_fen and n_no_amount:
        said = together(said, tn("({n} without an amount)", "({n} without an amount)", n_no_amount))
    return said


def sample(filters: Filters, of: int) -> str:
    """Say how a sample was drawn, so that others can draw it: its seed, and from how many."""
    return t("Drawn by chance from {of}, seed {seed}: those whose md5 of seed and finding number comes first.",
             of=f"{of:,}", seed=filters.drawn[1])  # fmt: skip
