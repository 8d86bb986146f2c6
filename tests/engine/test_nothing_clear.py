"""A scan: whatever comes in, no clear name, number, phone, account or address is in a page, file, answer, metric, log, stream or table.

One file, though long: it is one walk through one city, which is slow to make.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote, urlencode

import psycopg
import pytest
import redis
from psycopg.rows import namedtuple_row
from sqlalchemy import text

from console.files import typeset
from console.files.serving import FORMATS
from console.pages.duplicates_queue import href
from monitors.catalogue import load
from sql.access import see_as
from sql.connect import connect
from sql.people import Viewer
from sql.settings import Settings
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.console.readers import pages
from tests.console.test_page_files import LISTS as FILES
from tests.engine.events import event
from tests.workers.serving import Client, serving
from workers import cli, linkage, notice, overlaps, reconciliation, remade, tally
from workers.evaluator import Evaluator
from workers.intake import Intake
from workers.keys import ensure
from workers.relay import relay_once
from workers.stream import connect_bus

SECRETS = {
    "number": "11010519491231002X", "number in small letters": "11010519491231002x", "old number": "110105491231002", "phone": "13812345678",
    "account": "6217000010012345678", "name": "欧阳灵犀", "address": "幸福路七号院3单元",
}  # fmt: skip
PAGES = ("/", "/timeliness", "/procedure", "/findings", "/data", "/accounts", "/trail", "/inquiries", "/units", "/rules", "/rule/E01", "/dossier/household/H1", "/dossier/benefit/B1",
         "/dossier/application/A1", "/dossier/unit/U1", "/projects", "/outreach", "/funds", "/duplicates", "/duplicates/queue", "/eligibility", "/wall")  # fmt: skip
LISTS = ("/projects?rows=all", "/projects?rows=answers", "/projects?rows=orders", "/projects?rows=providers-barred", "/outreach?rows=clues",
         "/outreach?rows=visits", "/eligibility?rows=items", "/funds?rows=undecided", "/funds?rows=paid-twice", "/funds?rows=batches", "/funds?rows=recovered", "/duplicates?rows=dibao-old-age")  # fmt: skip
TOWN: dict[str, Any] = {"region_code": "371402001000"}


def good() -> list[bytes]:
    """A household whose findings hang on what is secret, told in every field and text a vendor may put it."""
    s = SECRETS
    told = f"联系电话{s['phone']}，身份证{s['number']}，卡号{s['account']}"
    paid: dict[str, Any] = {"benefit_id": "B1", "programme": "dibao", "household_id": "H1", "payee_person_id": "P1", "account_number": s["account"],
            "account_name": s["name"], "period": "2026-10", "amount_fen": 60_000, "kind": "regular", "status": "paid", **TOWN}  # fmt: skip
    return [
        event("region", region_code="371400000000", name="德州市", level="city", parent_code=None),
        event("region", region_code="371402000000", name="德城区", level="county", parent_code="371400000000"),
        event("region", region_code="371402001000", name="新湖街道", level="township", parent_code="371402000000"),
        event("unit", unit_code="U1", name="新湖街道办事处", kind="township_office", **TOWN),
        event("person", person_id="P1", id_type="resident_id", id_number=s["number"], name=s["name"], phone=s["phone"]),
        event("person", person_id="P2", id_type="resident_id", id_number=s["old number"], name=s["name"], phone=s["phone"]),
        event("person", person_id="P3", id_type="resident_id", id_number="110105194912310021", name=s["name"]),
        event("household", household_id="H1", head_person_id="P1", address=s["address"], **TOWN),
        event("household_member", member_id="M1", household_id="H1", person_id="P1", counted=True, from_date="2025-01-01", to_date=None),
        event("application", application_id="A1", programme="dibao", path="standard", household_id="H1", applicant_person_id="P1",
              submitted_at="2026-01-05T09:00:00+08:00", cause=told, **TOWN),
        event("stage", stage_id="S1", application_id="A1", stage_code="APPLY", at="2026-01-05T09:00:00+08:00", note=told, reason=told),
        event("benefit", benefit_id="B1", programme="dibao", household_id="H1", person_id=None, application_id="A1", monthly_amount_fen=60_000,
              start_period="2026-02", end_period=None, extra_field=told, **TOWN),
        event("benefit", benefit_id="B2", programme="old_age", household_id="H1", person_id="P1", monthly_amount_fen=9_000, start_period="2026-02", end_period=None, **TOWN),
        event("exclusion", exclusion_id="N1", programme_a="dibao", programme_b="old_age", effect="exclusive", basis=told, valid_from=None, valid_to=None, **TOWN),
        *(event("payment", payment_id=f"Q{n}", paid_at=f"2026-10-0{n}T09:00:00+08:00", **paid) for n in (1, 2)),
        event("payment", payment_id="Q3", paid_at="2026-10-03T09:00:00+08:00", **paid | {"benefit_id": "B7", "batch_id": "L1"}),
        event("payment_batch", batch_id="L1", programme="dibao", period="2026-10", **TOWN),
        event("recovery", recovery_id="Z1", benefit_id="B1", amount_fen=9, recovered_fen=9, ordered_on="2026-10-05"),
        event("account", account_id="K1", account_number=s["account"], holder_name=s["name"], holder_id_number=s["number"], holder_role="own"),
        event("household", event_id=f"e-{s['number']}", household_id="H2", **TOWN),
        event("register", record_id="D1", kind="death", id_number=s["number"], from_date="2026-03-01", as_of="2026-11-01",
              attributes={"remark": told, "phone": s["phone"]}),
        event("provider", provider_id="V1", name=told, legal_representative=s["name"], **TOWN),
        event("provider_bar", bar_id="R1", provider_id="V1", from_date="2026-01-01", to_date="2099-01-01", reason=told, **TOWN),
        event("project", project_id="J1", name=told, provider_id="V1", contract_from="2026-01-01", contract_to="2099-01-01", price_fen=1, planned_units=1, **TOWN),
        event("service_order", order_id="O1", project_id="J1", person_id="P1", worker_id="W1", status="done", started_at="2026-05-01T09:00:00+08:00"),
        event("survey_response", response_id="U1", project_id="J1", phase="final", person_id="P1", score=4, collector_id="W2"),
        event("visit", visit_id="T1", household_id="H1", person_id="P1", kind="care", risk="red", visited_at="2026-05-01T09:00:00+08:00"),
        event("clue", clue_id="C1", household_id="H1", person_id="P1", kind="hotline", pushed_at="2026-05-01T09:00:00+08:00", response=told, **TOWN),
    ]  # fmt: skip


def bad() -> list[bytes]:
    """What must be refused, with secrets where vendors get them wrong."""
    s = SECRETS
    return [
        event("person", person_id=s["number"], name=s["name"]), event("household", household_id=f"H-{s['number']}", **TOWN),
        event("person", person_id="P9", id_number=[s["number"]], name=s["name"]), event("payment", payment_id="Q9", amount_fen=s["account"]),
        event("benefit", benefit_id="B9", programme=s["name"]), event("payment", payment_id="Q8", period=s["number"]),
        event("person", person_id="P8", id_number=s["number"], birth_date=s["phone"]),
        event("household", event_id=s["number"], household_id="H8", region_code=s["account"]),
        json.dumps({"specversion": "1.0", "id": s["number"], "source": "/vendor", "type": f"aidwatch.{s['name']}.upserted"}).encode(),
        f'{{"specversion":"1.0","id":"x","data":{{"id_number":"{s["number"]}"'.encode(),
    ]  # fmt: skip


class Scan:
    """Everything that came out, by where."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def add(self, where: str, told: Any) -> None:
        self.seen.append((where, told if isinstance(told, str) else str(told)))

    def leaks(self) -> list[tuple[str, str, str]]:
        return [(where, name, told[max(0, told.find(clear) - 60) : told.find(clear) + 30])
                for where, told in self.seen for name, clear in SECRETS.items() if clear in told]  # fmt: skip


@pytest.fixture
def client(environ: dict[str, str]) -> Iterator[Client]:
    with serving(environ) as found:
        yield found


def test_no_clear_value_comes_out_anywhere(
    client: Client, database: Database, settings: Settings, environ: dict[str, str], caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    scan = Scan()
    sent = good()
    taken = client.send(*sent)
    assert taken.json["rejected"] == []
    assert client.send(*sent).json["duplicates"] == len(sent), "an id with a number in it is still one id"
    refused = client.send(*bad())
    assert len(refused.json["rejected"]) == len(bad())
    scan.add("receipts", taken.body.decode() + refused.body.decode())
    with connect(database.url("worker"), name="linkage") as conn:
        assert linkage.refresh(conn, ensure(settings)) > 2
    evaluate(database, settings)
    assert findings(database) > 2
    api(client, scan)
    console(guest(database, keys=ensure(settings)), scan, database)
    commands(scan, environ, capsys, monkeypatch)
    tables(database, scan)
    stream(settings, scan)
    files(settings.home, scan)
    scan.add("log", caplog.text)
    assert len({where for where, _ in scan.seen}) > 40
    assert scan.leaks() == []


def evaluate(database: Database, settings: Settings) -> None:
    url = database.url("worker")
    with connect(url, name="judge") as judge, connect(url, name="own") as own, connect_bus(settings) as bus:
        evaluator = Evaluator(judge, Intake(own, ensure(settings), "own"), load(), lambda: relay_once(judge, bus, 500))
        while evaluator.step():
            pass
        reconciliation.recount(own)
        overlaps.refresh(own, again=True)
        for what in remade.ALL:
            remade.refresh(own, what, again=True)
        tally.refresh(own)


def findings(database: Database) -> int:
    with database.engine("owner").connect() as conn:
        return int(conn.execute(text("select count(*) from watch.finding")).scalar_one())


def api(client: Client, scan: Scan) -> None:
    listed = client.get("/api/v1/findings?limit=1000")
    paths = ["/api/v1/status", "/api/v1/rules", "/metrics", "/healthz", "/readyz", "/api/v1/nothing", "/api/v1/findings?limit=x",
             "/api/v1/indicators/findings_opened?group_by=rule", "/api/v1/indicators/reconciliation", "/api/v1/indicators/amounts", "/api/v1/indicators/overlaps", *(f"/api/v1/findings/{one['id']}" for one in listed.json["items"])]  # fmt: skip
    for path in ("/api/v1/findings", *paths):
        answer = client.get(path)
        scan.add(f"GET {path}", f"{answer.headers}{answer.body.decode()}")
    search = client.post("/api/v1/findings/search", {"id_number": SECRETS["number"]})
    assert search.json["items"]
    scan.add("search", search.body.decode())


def console(who: Guest, scan: Scan, database: Database) -> None:
    with database.engine("owner").connect() as conn:
        ids = [row[0] for row in conn.execute(text("select finding_id from watch.finding"))]
        pairs = [href(*row) for row in conn.execute(text("select left_key, right_key from watch.person_pair"))]
    told = {"search", "data", "pathname"}  # what the callbacks of the server are told; the browser's own are not asked
    parts = [key for key, spec in who.app.callback_map.items()
             if "callback" in spec and {one["property"] for one in (*spec["inputs"], *spec["state"])} <= told]  # fmt: skip
    people_work(who, ids, scan, database)
    for path in (*PAGES, *pairs, *(f"/finding/{one}" for one in ids)):
        for part in parts:
            scan.add(f"page {path} {part}", ask(who, part, search="", path=path))
    for path in pairs:
        address = f"/pair?{urlencode({'left': unquote(path.split('/')[3]), 'right': unquote(path.split('/')[4]), 'said': 'same'})}"
        scan.add("pair form", who.client.get(address).text)
    for one in LISTS:
        path, _, search = one.partition("?")
        told_of = ask(who, f"{path[1:]}-rows", search=f"?{search}", path=path)
        assert '"Tr"' in told_of, one
        scan.add(f"list {one}", told_of)
    for one in ids:
        form = who.client.get(f"/reveal?finding={one}").text
        scan.add(f"reveal {one}", form)
        if choice := re.search('<option value="(phone:[^"]+)"', form):  # the one page on which a clear value is meant to stand
            asked = {"finding": one, "value": choice[1], "purpose": "verify", "case_no": f"of {SECRETS['number']}"}
            assert SECRETS["phone"] in who.client.post("/reveal", data=asked).text
    who.client.post("/sign-in", data={"name": SECRETS["number"], "password": SECRETS["account"]})
    taken_out(who, ids, scan)
    for part, least in (("finding-body", 1000), ("pair-sides", 500), ("overview-tiles", 200)):
        assert any(part in where and len(told) > least for where, told in scan.seen), f"{part} was among them"
    assert any(where == "letter.pdf" and "整改" in told for where, told in scan.seen)


def people_work(who: Guest, ids: list[str], scan: Scan, database: Database) -> None:
    """What people type of a citizen's numbers is scrubbed wherever it goes: notes, letters, searches, views, messages."""
    s = SECRETS
    typed = f"来电{s['phone']}，身份证{s['number']}，卡号{s['account']}"
    for one in ids:
        for step in ("annotate", "tell", "explain"):
            answer = who.client.post("/step", data={"step": step, "finding": one, "note": typed})
            scan.add(f"step {step}", f"{answer.headers}{answer.text}")
        scan.add("step form", who.client.get(f"/step?step=verify&finding={one}").text)
    with database.engine("owner").begin() as conn:
        conn.execute(text("update watch.finding set stage = 'verified', outcome = 'true', assignee = 'U1'"))
    for one in ids:
        letter = {"finding": one, "kind": "rectify", "number": f"{one[:6]} {s['number']}", "office": "民政局", "due": "2099-01-01", "demands": typed}
        scan.add("letter", who.client.post("/letter", data=letter).text)
    with database.engine("console").connect() as conn:
        see_as(conn, Viewer("x", "X", frozenset({"supervisor"}), ("*",)))
        letters = list(conn.execute(text("select letter_id from watch.letter")).scalars())
    assert letters
    for letter_id in letters:
        for lang in ("zh", "en"):
            for kind in ("docx", "pdf"):
                unpack(f"letter.{kind}", who.client.get(f"/letter/{letter_id}.{kind}?copy={lang}", buffered=True).get_data(), scan)
    for kind in ("id_number", "name", "phone", "account"):
        what = s["number"] if kind == "id_number" else s[kind]
        answer = who.client.post("/search", data={"kind": kind, "what": what, "purpose": "audit", "case_no": f"of {s['number']}"})
        scan.add(f"search {kind}", f"{answer.headers}{answer.text}")
    for typed_value in (s["number"], s["account"], f"x, {typed}"):  # limits are typed by people, too
        owner = guest(database, name="owner", roles=["rule_owner"])
        tried = owner.client.post("/trial", data={"rule": "P01", "p-limit": "9", "p-red_hours": "72", "p-pub_exempt": typed_value})
        scan.add("trial", f"{tried.headers}{tried.text}{ask(owner, 'rule-trial', search='', path='/rule/P01')}")
    who.client.post("/views", data={"at": "/findings", "name": f"of {s['phone']}"})
    scan.add("views", who.client.get("/views").text)
    with connect(database.url("worker"), name="notice") as worker:
        cursor: psycopg.Cursor[Any] = worker.cursor(row_factory=namedtuple_row)
        news = cursor.execute(
            "select e.id, e.what, e.to_card, e.note, e.said, f.finding_id, f.rule, f.subject_kind, f.due_at, null as place, null as unit "
            "from watch.finding_event e join watch.finding f using (finding_id)").fetchall()  # fmt: skip
    scan.add("message", notice.message([row for row in news if row.to_card or row.what in notice.WHAT], "zh", "https://watch.example.cn"))


def taken_out(who: Guest, ids: list[str], scan: Scan) -> None:
    """Files and packages, unpacked; a PDF also by what typst was told."""
    with patch.object(typeset, "pdf", side_effect=typeset.pdf) as drawn:
        lists = [one.replace("?", ".csv?") for one in LISTS] + [f"{path}.csv?rows={name}" for path, names in FILES.items() for name in names]
        lists += [f"{path}.csv" for path in PAGES if path.startswith("/dossier/")]
        for path in (*lists, *(f"/findings.{kind}" for kind in FORMATS), *(f"/finding/{one}/evidence.zip" for one in ids)):
            for address in (path, f"{path}{'&' if '?' in path else '?'}subject_key={SECRETS['number']}&unit={SECRETS['account']}"):
                answer = who.client.get(address, buffered=True)
                assert answer.status_code == 200
                scan.add(path, str(answer.headers))
                unpack(path, answer.get_data(), scan)
        unpack("packages", who.client.get("/findings/evidence.zip?sample=20-482913", buffered=True).get_data(), scan)
    assert drawn.call_count == 2
    for call in drawn.call_args_list:
        scan.add("pdf", json.dumps(call.args[1], ensure_ascii=False))


def unpack(where: str, body: bytes, scan: Scan) -> None:
    if body.startswith(b"%PDF-"):  # its text is drawn: read as a reader shows it
        scan.add(where, "".join(pages(body)))
    if not body.startswith(b"PK"):
        scan.add(where, body.decode(errors="replace"))
        return
    with zipfile.ZipFile(io.BytesIO(body)) as held:
        for name in held.namelist():
            unpack(f"{where} {name}", held.read(name), scan)


def commands(scan: Scan, environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    for words in (["findings"], ["findings", "--format", "json"], ["findings", "--format", "csv"], ["status"], ["audit"], ["config"],
                  ["rules", "diff", "E01", "--set", "household_months=1"], ["rules", "backtest", "F03"], ["retain", "--run"],
                  ["erase", "--person", SECRETS["number"], "--reason", f"of {SECRETS['name']}", "--case", SECRETS["phone"]]):
        cli.main(words)
        scan.add(" ".join(words), "".join(capsys.readouterr()))


def tables(database: Database, scan: Scan) -> None:
    with database.engine("owner").connect() as conn:
        names = conn.execute(text(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('store','ledger','watch','access','vault','facts')"
        )).scalars().all()  # fmt: skip
        for name in names:
            scan.add(f"table {name}", "\n".join(conn.execute(text(f"select t::text from {name} t limit 20000")).scalars()))


def stream(settings: Settings, scan: Scan) -> None:
    with connect_bus(settings) as bus:
        for key in bus.scan_iter():
            assert bus.type(key) != b"stream" or bus.xlen(key) >= 0
            scan.add(f"redis {key.decode()}", str(bus.xrange(key)) if bus.type(key) == b"stream" else repr(bus.dump(key)))
        assert isinstance(bus, redis.Redis)


def files(home: Path, scan: Scan) -> None:
    for path in (one for one in home.rglob("*") if one.is_file()):
        scan.add(f"file {path.name}", path.read_bytes().decode(errors="replace"))
