"""A city in which every page of the console has something on it, and the addresses of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from console.pages.duplicates_queue import href
from sql.connect import connect
from sql.settings import Settings
from tests.conftest import Database
from tests.console.test_duplicates import held_twice
from tests.console.test_eligibility import stops
from tests.console.test_funds import course, paid_out
from tests.console.test_merge_queue import alike
from tests.console.test_outreach import clues, visits
from tests.console.test_projects import bought
from tests.console.test_trials import RESULT, kept
from tests.console.test_units import helped, judged
from tests.console.world import STORY, World
from workers import overlaps, reconciliation
from workers.durations import recount
from workers.keys import ensure

HOME = "371402000000"
READER = ("supervisor", "auditor", "rule_owner")
ADMINISTRATORS = {
    "system_admin": ("/data", "/notifications", "/notifications/edit"), "security_admin": ("/accounts", "/accounts/edit"), "audit_admin": ("/trail",),
}  # fmt: skip
PAGES = ("/", "/timeliness", "/timeliness?range=365d&step=WHOLE", "/procedure", "/eligibility", "/funds", "/duplicates?rows=dibao-tekun", "/projects?rows=providers",
         "/outreach?rows=visits", "/findings?present=true", "/inquiries", "/units", "/rules", "/rule/T04", "/rule/P01", "/data", "/wall", "/duplicates/queue")  # fmt: skip
FORMS = ("/search", "/views?at=/", "/trial?rule=P01", "/limit?rule=P01", "/sample?at=/findings", "/account/password", "/account/second-factor")


@dataclass(frozen=True)
class Addresses:
    """What somebody who reads and acts may open: pages drawn by the browser, and plain forms."""

    pages: tuple[str, ...]
    forms: tuple[str, ...]


def furnish(world: World, database: Database, environ: dict[str, str]) -> Addresses:
    """Fill the city, count what jobs count, and return every address of a reader."""
    for tell in (bought, visits, clues, paid_out, held_twice, stops, judged, helped):
        tell(world)
    course(world, database)
    kept(database, "done", result=RESULT)
    with world.again() as now:
        confirmed = now.finding("T04", "yellow", HOME, unit_code="U1", assignee="U1", stage="verified", outcome="true", verified_by="wang")
        about = now.finding("E01", "red", HOME, subject_kind="household", subject_key="H1")
    with connect(database.url("worker"), name="test") as conn:
        pair = alike(conn, ensure(Settings.read(environ)))
        recount(conn)
        reconciliation.recount(conn)
        overlaps.refresh(conn, again=True)
        (case,) = conn.execute("select application_id from watch.passage limit 1").fetchone() or ("",)
    story = next(row["finding_id"] for row in world.findings if row["subject_key"] == STORY)
    decide = urlencode({"left": pair[0], "right": pair[1], "said": "same"})
    return Addresses(
        (*PAGES, f"/finding/{story}", f"/dossier/benefit/{STORY}", f"/dossier/application/{case}", "/dossier/unit/U1", href(*pair)),
        (*FORMS, f"/step?step=verify&finding={story}", f"/letter?finding={confirmed}", f"/reveal?finding={about}", f"/pair?{decide}"),
    )
