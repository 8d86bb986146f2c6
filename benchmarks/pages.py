"""Every page of the console at size, answered on the server: 20 million rows of facts, a million findings, four viewers.

The database is built by set-based SQL, without intake. A page is what its callbacks do: each is asked through the gate, on
a connection of the console's own role under row-level security, and no answer is shared. Drawing is the browser's.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from dash import Dash

from benchmarks.city import MONTH_OF_PAYMENTS, add_month, months, run_file
from benchmarks.deployment import deployed, opened, owner
from benchmarks.latency import share
from benchmarks.places import COUNTY, listed
from console.app import create_app
from sql import people
from sql.load import raw
from sql.people import COOKIE
from sql.settings import Settings
from workers import coverage, overlaps, remade, tally
from workers.console_database import console_acting, console_reading
from workers.keys import ensure

BENEFITS, FINDINGS, MONTHS, TOLD_MONTHS = 250_000, 1_000_000, 66, 3  #: months with their events in the ledger
NOW = "2026-11-05 12:00+08"
BUDGET_S = 0.150
NEWER = ("timeliness", "procedure", "duplicates", "eligibility", "funds", "projects", "outreach")  #: pages whose tables newer.sql fills
_numbers = itertools.count()


def build(conn: psycopg.Connection, scale: float) -> dict[str, float]:
    """Fill an empty database; return its sizes and how long it took. Owner's connection."""
    begun, benefits, findings = time.perf_counter(), int(BENEFITS * scale), int(FINDINGS * scale)
    listed(conn)
    run_file(conn, "pages.sql", benefits)
    run_file(conn, "records.sql", benefits)
    for n, month in enumerate(months(MONTHS, date(2026, 10, 1)), 1):
        add_month(conn, month, n, *([] if n > MONTHS - TOLD_MONTHS else [MONTH_OF_PAYMENTS]))
    run_file(conn, "findings.sql", benefits, findings=findings)
    conn.execute("insert into watch.clock (now_at) values (%s)", [NOW])
    newer(conn, benefits)
    conn.execute("vacuum analyze")
    return {"benefits": benefits, "findings": findings, "payments": benefits * MONTHS, "build_s": time.perf_counter() - begun}


def newer(conn: psycopg.Connection, benefits: int) -> None:
    """What the pages about sums read: some of it written as sums, the rest made by the jobs that make it. Owner's connection."""
    run_file(conn, "newer.sql", benefits)
    conn.execute("analyze")
    cells = raw("durations.cells").format(source="(select 1 as sign, * from watch.passage) passages")
    conn.execute(raw("durations.add_cells").format(cells=cells))
    overlaps.refresh(conn)
    coverage.recount(conn)
    for what in remade.ALL:
        remade.refresh(conn, what, again=True)
    tally.recount(conn)


def viewers(conn: psycopg.Connection) -> dict[str, dict[str, Any]]:
    """Who looks: the city, a county, a township, a handler of one unit."""
    (town,) = conn.execute("select region_code from store.region where level = 'township' and parent_code = %s order by 1 limit 1",
                           [COUNTY]).fetchone() or ("",)  # fmt: skip
    return {
        "city": {"roles": ["supervisor"], "regions": ["*"]}, "county": {"roles": ["supervisor"], "regions": [COUNTY]},
        "township": {"roles": ["supervisor"], "regions": [town]},
        "unit": {"roles": ["unit_handler"], "regions": [town], "unit_code": f"U{town}"},
        "accounts": {"roles": ["security_admin"], "regions": []}, "trail": {"roles": ["audit_admin"], "regions": []},
    }  # fmt: skip


def questions(name: str, who: dict[str, Any], findings: list[str], households: list[str]) -> list[tuple[str, str]]:
    """The addresses one viewer opens: (path, query)."""
    if name in ("accounts", "trail"):
        return [(f"/{name}", "")]
    here = f"region={who['regions'][0] if who['regions'] != ['*'] else COUNTY}"
    asked = ["", here, "programme=dibao", "range=90d", f"{here}&programme=tekun"]
    lists = ["present=true&stage=active", "", "card=red", f"{here}&card=red,yellow&present=true", "family=timeliness&range=30d",
             "rule=F02", "programme=dibao&amount=true"]  # fmt: skip
    pages = [("/", one) for one in asked] + [("/findings", one) for one in lists] + [("/units", one) for one in ("", here)]
    others = [(path, "") for path in ("/data", "/inquiries", "/rules", "/rule/F02")]
    others += [(f"/{page}", one) for page in NEWER for one in ("", here, "range=365d")]
    others += [(f"/dossier/unit/{who['unit_code']}", "")] if "unit_code" in who else []
    return pages + others + [(f"/finding/{one}", "") for one in findings] + [(f"/dossier/household/{one}", "") for one in households]


class Looker:
    """Somebody signed in to the console, without a browser."""

    def __init__(self, app: Dash, engine: sqlalchemy.Engine, name: str, who: dict[str, Any]) -> None:
        self._app, self._client = app, app.server.test_client()
        with engine.begin() as conn:
            people.run(conn, "add_account", **{"unit_code": None, **who}, name=f"bench-{name}", display_name=None, password_hash=None,
                       single_sign_on=None, must_change=False)  # fmt: skip
            people.run(conn, "set_second_factor", name=f"bench-{name}", sealed=b"-", step=0)
            found = people.account(conn, f"bench-{name}")
            assert found is not None
            self._client.set_cookie(COOKIE, people.begin_session(conn, found, second_factor=True, address=None, agent=None))
        self._client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    def open(self, path: str, query: str) -> Iterator[tuple[str, float]]:
        """Ask every callback of a page; yield the part it fills and the seconds it took."""
        values = {"url.search": f"?{query}&nth={next(_numbers)}", "url.pathname": path, "pulse.data": None}
        if path == "/findings":
            values["findings-grid.getRowsRequest"] = {"startRow": 0, "endRow": 100, "sortModel": []}
        for output, spec in self._app.callback_map.items():
            names = [f"{one['id']}.{one['property']}" for one in (*spec["inputs"], *spec["state"])]
            if "callback" in spec and names and all(name in values for name in names):
                took, answered = self._ask(output, spec, values)
                if answered:
                    yield _part(output), took

    def _ask(self, output: str, spec: dict[str, Any], values: dict[str, Any]) -> tuple[float, bool]:
        given = {kind: [{**one, "value": values[f"{one['id']}.{one['property']}"]} for one in spec[kind]] for kind in ("inputs", "state")}
        outputs = [_identity(one) for one in output.strip(".").split("...")]
        changed = [f"{one['id']}.{one['property']}" for one in spec["inputs"]]
        body = {"output": output, "outputs": outputs if output.startswith("..") else outputs[0], "changedPropIds": changed, **given}
        begun = time.perf_counter()
        answer = self._client.post("/_dash-update-component", json=body)
        took = time.perf_counter() - begun
        if answer.status_code not in (200, 204) or "role=\"alert\"" in answer.text:
            raise AssertionError(f"{output}: {answer.status_code}")
        return took, answer.status_code == 200


def _part(output: str) -> str:
    """The name of the first thing a callback fills."""
    one = _identity(output.strip(".").split("...")[0])["id"]
    return str(one.get("of", one)) if isinstance(one, dict) else str(one)


def _identity(output: str) -> dict[str, Any]:
    name, prop = output.rsplit(".", 1)
    return {"id": json.loads(name) if name.startswith("{") else name, "property": prop}


def measure(settings: Settings, rounds: int) -> dict[str, Any]:
    """Open every address of every viewer ``rounds`` times; return seconds by viewer and part."""
    took: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        acting, reading_as = stack.enter_context(console_acting(settings)), stack.enter_context(console_reading(settings))
        conn = stack.enter_context(owner(settings))
        app = create_app(reading_as, acting, ensure(settings), settings)
        engine = sqlalchemy.create_engine(settings.database_url_for("worker"))
        for name, who in viewers(conn).items():
            one = Looker(app, engine, f"{name}-{time.time_ns()}", who)
            for nth in range(rounds + 1):
                for path, query in questions(name, who, *_some(conn, who, nth)):
                    for part, seconds in one.open(path, query):
                        if nth:  # the first round fills the caches, as the first viewer of the day does
                            took[name, f"/{path.split('/')[1]}", part].append(seconds)
        engine.dispose()
    return _told(took)


def _some(conn: psycopg.Connection, who: dict[str, Any], nth: int) -> tuple[list[str], list[str]]:
    """Findings and households the viewer may open, others in each round."""
    town = None if who["regions"] == ["*"] or not who["regions"] else who["regions"][0].rstrip("0")
    query = ("select finding_id, subject_kind, subject_key from watch.finding where present "
             "and (%(t)s::text is null or region_code like %(t)s || '%%') order by md5(finding_id || %(n)s) limit 200")  # fmt: skip
    found = conn.execute(query, {"t": town, "n": str(nth)}).fetchall()
    return [one for one, _, _ in found[:6]], [key for _, kind, key in found if kind == "household"][:3]


def _told(took: dict[tuple[str, str, str], list[float]]) -> dict[str, Any]:
    every = [value for values in took.values() for value in values]
    parts = {" ".join(name): _figures(values) for name, values in sorted(took.items())}
    return {"all": _figures(every), "worst_part_p95_s": max(one["p95_s"] for one in parts.values()),
            "over_budget": [name for name, one in parts.items() if one["p95_s"] > BUDGET_S], "parts": parts}  # fmt: skip


def _figures(values: list[float]) -> dict[str, float]:
    n, values = len(values), values * 2 if len(values) == 1 else values  # quantiles need two
    return {"n": n, "p50_s": share(values, 0.5), "p95_s": share(values, 0.95), "max_s": max(values)}


@contextmanager
def built(home: Path | None, scale: float) -> Iterator[tuple[Settings, dict[str, float]]]:
    """A deployment with the city in it; in ``home`` it is kept, and found again."""
    with (opened(str(home)) if home else deployed()) as settings:
        sizes = Path(settings.home) / "pages.json"
        if not sizes.exists():
            with owner(settings) as conn:
                sizes.write_text(json.dumps(build(conn, scale)), encoding="utf-8")
        yield settings, json.loads(sizes.read_text(encoding="utf-8"))


def run(scale: float, rounds: int = 5, home: Path | None = None) -> dict[str, Any]:
    """Build and measure; return figures with their sizes."""
    with built(home, scale) as (settings, sizes):
        with owner(settings) as conn:
            (size,) = conn.execute("select pg_database_size(current_database())").fetchone() or (0,)
        return sizes | {"database_bytes": size} | measure(settings, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, help="keep the database here, and use it again")
    args = parser.parse_args()
    print(json.dumps(run(args.scale, args.rounds, args.home), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
