"""What is paid: standards by county, town and country, from each July; tiers by category."""

from datetime import datetime, time
from functools import cache
from typing import NamedTuple

from workers.simulator.book import Book, yuan
from workers.simulator.geography import County, Geography
from workers.simulator.months import first_day, month_of

FIRST_YEAR = 2021


class Tier(NamedTuple):
    """One category of a programme and what it pays from a date on, in fen."""

    category: str
    fen: int


def year_of_rate(month: str) -> int:
    """Return the year whose July set what is paid in ``month``."""
    return int(month[:4]) - (month[4:] < "07")


def standard_fen(county: str, kind: str, month: str) -> int:
    """Return the 低保 standard per head and month."""
    year = year_of_rate(month)
    urban = 820 + 38 * (year - FIRST_YEAR) + 4 * (int(county[4:]) % 7)
    return (urban if kind == "城镇" else urban * 4 // 5) * 100


@cache
def tiers(county: str, programme: str, year: int) -> tuple[Tier, ...]:
    """Return what ``programme`` pays by category from July of ``year``."""
    month, grown = f"{year}07", year - FIRST_YEAR
    if programme == "特困":
        care = {"全自理": 120, "半护理": 340, "全护理": 680}
        living = {kind: standard_fen(county, kind, month) * 13 // 1000 * 100 for kind in ("城镇", "农村")}
        return tuple(Tier(f"{kind}{need}", living[kind] + 100 * care[need]) for kind in living for need in care)
    if programme in ("孤儿", "事实无人抚养儿童"):
        return (Tier("社会散居", (1500 + 60 * grown) * 100), Tier("机构养育", (1900 + 70 * grown) * 100))
    return tuple(Tier(category, fen * 100) for category, fen in _FIXED[programme].items())


_FIXED = {
    "困难残疾人生活补贴": {"一级": 184, "二级": 162},
    "重度残疾人护理补贴": {"一级": 166, "二级": 148},
    "高龄津贴": {"80至89周岁": 60, "90至99周岁": 120, "100周岁以上": 360},
}
TIERED = ("特困", "孤儿", "事实无人抚养儿童", *_FIXED)


def tier_fen(county: str, programme: str, category: str, month: str) -> int:
    return dict(tiers(county, programme, year_of_rate(month)))[category]


def write_rates(book: Book, places: Geography, now: datetime, since: datetime) -> None:
    """Write every standard and tier from the first year up to those in force."""
    for year in range(FIRST_YEAR, year_of_rate(month_of(now.date())) + 1):
        for county in places.counties:
            _write_year(book, county, year, since)


def _write_year(book: Book, county: County, year: int, since: datetime) -> None:
    start = first_day(f"{year}07")
    at = max(datetime.combine(start, time()), since)
    for kind in ("城镇", "农村"):
        book.add(
            "t_bzbz", bzid=f"BZ{county.code}{year}{'C' if kind == '城镇' else 'N'}", qhdm=county.code, jzlx="低保",
            cxlb=kind, ybz=yuan(standard_fen(county.code, kind, f"{year}07")), zxrq=start, gxsj=at,
        )  # fmt: skip
    for programme in TIERED:
        if programme in _FIXED and year > FIRST_YEAR:
            continue
        for number, tier in enumerate(tiers(county.code, programme, year)):
            book.add(
                "t_dc", dcid=f"DC{county.code}{year}{TIERED.index(programme)}{number}", qhdm=county.code,
                jzlx=programme, dcmc=tier.category, ybz=yuan(tier.fen), zxrq=start, gxsj=at,
            )  # fmt: skip
