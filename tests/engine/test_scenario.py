"""From nothing to the card on the screen: a lawful city, some fifty violations planted through SQL, all of them found, nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import sqlalchemy
from playwright.sync_api import Browser, expect

from sql.connect import connect
from sql.settings import Settings
from tests.engine.running import settled, supervised, until
from tests.signing import enter
from tests.workers.serving import free_port
from workers.embedded.database import ensure_database
from workers.embedded.postgres import PostgresServer
from workers.intake import Intake
from workers.keys import ensure
from workers.simulator import DATABASE
from workers.simulator.history import load_history
from workers.simulator.live import beijing_now
from workers.simulator.plants import look_alike, plant
from workers.simulator.truth import Truth

HOUSEHOLDS, TIMES = 500, 4
KINDS = ("T04", "T05", "T09", "T10", "T11", "T21", "P01", "P02", "P16", "D02", "E01", "F02", "F03", "Q01")
Card = tuple[str, str, str, str]  # rule, subject kind, subject key, card


def test_every_planted_violation_becomes_its_card_and_nothing_else_fires(tmp_path: Path, browser: Browser) -> None:
    pick, port = Random(11), free_port()
    with PostgresServer(tmp_path / "business", name="business", conf={"shared_buffers": "64MB"}) as business:
        ensure_database(business, DATABASE)
        with business.connect(DATABASE) as city:
            load_history(city, HOUSEHOLDS, 1, beijing_now(), plants=0)
        with supervised(tmp_path / "home", port, business) as settings, connect(settings.database_url_for("worker"), name="test") as conn:
            finish(settings, conn, business)
            assert findings(conn) == Counter(), "a lawful city has no findings"
            page = browser.new_page(locale="zh-CN")
            enter(page, f"http://127.0.0.1:{port}", sqlalchemy.create_engine(settings.database_url_for("console")))
            page.goto(f"http://127.0.0.1:{port}/")
            expect(page.locator("#live")).to_have_attribute("data-state", "live", timeout=60_000)
            page.evaluate("window.stayed = true")
            truths = planted(business, pick)
            finish(settings, conn, business)
            mark(conn, settings, truths)
            expect(page.locator(".card-row").first).to_be_visible(timeout=60_000)
            expect(page.locator("#overview-feed-list")).to_contain_text(re.compile("E01|F02|T04|Q01|P16"))
            assert page.evaluate("window.stayed") is True
            page.close()


def planted(business: PostgresServer, pick: Random) -> list[Truth]:
    with business.connect(DATABASE) as city:
        lawful = [look_alike(city, rule, pick, beijing_now()) for rule in KINDS]
        return [plant(city, rule, pick, beijing_now()) for rule in KINDS for _ in range(TIMES)] + lawful


def finish(settings: Settings, conn: psycopg.Connection, business: PostgresServer) -> None:
    """Wait until what the business database has written is captured, taken and evaluated."""
    with business.connect(DATABASE) as city:
        until(lambda: city.execute("select count(*) from pg_replication_slots where not temporary").fetchone() != (0,), "the snapshot")
        (lsn,) = city.execute("select pg_current_wal_lsn()::text").fetchone() or ("",)
    until(lambda: settled(settings, conn, business, str(lsn)), "settling")


def findings(conn: psycopg.Connection) -> Counter[Card]:
    rows = conn.execute("select rule, subject_kind, subject_key, ladder_card from watch.finding where present")
    return Counter((rule, kind, key, card) for rule, kind, key, card in rows)


def mark(conn: psycopg.Connection, settings: Settings, truths: list[Truth]) -> None:
    """Compare with the answer sheet and print precision and recall."""
    intake = Intake(conn, ensure(settings), "test")
    wanted = Counter((e.rule, e.subject_kind, key_of(conn, intake, e.subject), str(e.card))
                     for t in truths if not t.lawful for e in t.expected)  # fmt: skip
    found = findings(conn)
    right = (found & wanted).total()
    print(f"planted {wanted.total()} cards by {len(truths)} stories; found {found.total()}; "
          f"precision {right / max(found.total(), 1):.3f}, recall {right / max(wanted.total(), 1):.3f}")  # fmt: skip
    assert len([t for t in truths if not t.lawful]) == len(KINDS) * TIMES
    assert (found - wanted, wanted - found) == (Counter(), Counter())


def key_of(conn: psycopg.Connection, intake: Intake, subject: dict[str, Any]) -> str:
    if "account_number" in subject:
        return intake.pseudonym("account", subject["account_number"])
    if "person_id" in subject:
        row = conn.execute("select person_key from store.identity where person_id = %s", [subject["person_id"]]).fetchone()
        return str(row[0]) if row else "nobody"
    return str(next(iter(subject.values())))
