"""The live stream: every change once, also after a lost link, and nothing is kept for who has left."""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from sql.settings import Settings
from tests.conftest import Database
from tests.console.world import fill
from tests.signing import signed_in
from tests.workers.listening import Listener, listening
from tests.workers.sending import wait_for
from tests.workers.serving import Client, serving
from workers import live
from workers.stream import LIVE, Bus, connect_bus

COUNTY, TOWNSHIP = "371402000000", "371402001000"


@pytest.fixture
def bus(settings: Settings) -> Iterator[Bus]:
    with closing(connect_bus(settings)) as made:
        yield made


@pytest.fixture(autouse=True)
def _entered(database: Database) -> None:
    Listener.cookie = signed_in(database.engine("console"))


@pytest.fixture
def client(environ: dict[str, str]) -> Iterator[Client]:
    with serving(environ) as found:
        yield found


def announce(bus: Bus, n: int, region: str = "371402000000") -> str:
    told = json.dumps({"finding_id": f"f{n}", "region_code": region})
    return str(bus.xadd(LIVE, {"d": told}).decode())


def viewers(client: Client) -> int:
    lines = client.get("/metrics").body.decode().splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith("aidwatch_live_viewers"))))


def test_a_change_arrives_with_its_id(client: Client, bus: Bus) -> None:
    with listening(client.port) as browser:
        assert browser.status == 200
        wait_for(lambda: viewers(client) == 1)
        sent = announce(bus, 1)
        assert browser.event() == {"event": "finding", "id": sent, "finding_id": "f1", "region_code": "371402000000"}


def test_an_entry_that_is_not_ours_harms_nothing(client: Client, bus: Bus) -> None:
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        bus.xadd(LIVE, {"x": "y"})
        bus.xadd(LIVE, {"d": "no json"})
        announce(bus, 1)
        assert browser.event()["finding_id"] == "f1"


def test_a_burst_arrives_whole_and_in_order(client: Client, bus: Bus) -> None:
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        for n in range(500):
            announce(bus, n)
        assert [browser.event()["finding_id"] for _ in range(500)] == [f"f{n}" for n in range(500)]


@pytest.mark.parametrize("where", ["last", "header"])
def test_what_was_missed_is_brought_after_a_reconnect(client: Client, bus: Bus, where: str) -> None:
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        announce(bus, 1)
        seen = browser.event()["id"]
    announce(bus, 2)
    announce(bus, 3)
    with listening(client.port, **{where: seen}) as browser:
        assert [browser.event()["finding_id"] for _ in range(2)] == ["f2", "f3"]


def test_what_was_missed_while_the_server_was_down_is_brought_too(environ: dict[str, str], bus: Bus) -> None:
    announce(bus, 1)
    with serving(environ) as client, listening(client.port) as browser:
        assert browser.until(b"id: ")
    last = announce(bus, 2)
    announce(bus, 3)
    with serving(environ) as client, listening(client.port, header=last) as browser:
        assert browser.event()["finding_id"] == "f3"


def test_who_heard_nothing_yet_still_knows_where_it_is(client: Client, bus: Bus) -> None:
    announce(bus, 1)
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        announce(bus, 2)
        assert browser.event()["finding_id"] == "f2", "what was there before is read from SQL, not told again"


@pytest.mark.parametrize("last", ["1-0", "9999999999999-0", "nonsense", "0-0-0"])
def test_who_is_too_far_behind_is_told_to_read_again(environ: dict[str, str], bus: Bus, last: str) -> None:
    for n in range(300):
        announce(bus, n)
    bus.xtrim(LIVE, maxlen=100, approximate=False)
    newest = bus.xrevrange(LIVE, count=1)[0][0].decode()
    with serving(environ) as client, listening(client.port, last=last) as browser:
        assert browser.event() == {"event": "resync", "id": newest}
        announce(bus, 7)
        assert browser.event()["finding_id"] == "f7"


def test_a_heartbeat_comes_when_nothing_else_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    with listening(client.port) as browser:
        assert browser.until(b"event: beat")


def test_who_leaves_is_forgotten_at_once(client: Client) -> None:
    browsers = [Listener(client.port) for _ in range(7)]
    wait_for(lambda: viewers(client) == 7)
    for browser in browsers:
        browser.close()
    wait_for(lambda: viewers(client) == 0, limit_s=3)


def test_the_server_ends_soon_although_somebody_listens(environ: dict[str, str]) -> None:
    with serving(environ) as client:
        browser = Listener(client.port)
        wait_for(lambda: viewers(client) == 1)
        leaving = time.monotonic()
    assert time.monotonic() - leaving < 3
    browser.close()


def test_the_stream_goes_on_when_the_bus_comes_back(client: Client, bus: Bus) -> None:
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        announce(bus, 1)
        assert browser.event()["finding_id"] == "f1"
        bus.client_kill_filter(_type="normal", skipme=True)
        announce(bus, 2)
        assert browser.event()["finding_id"] == "f2"


def test_only_what_one_may_see_is_sent(settings: Settings, bus: Bus) -> None:
    async def heard() -> list[bytes]:
        async with live.Hub(settings) as hub:
            stream = hub.listen("0-0", lambda where: where.region_code == "here", _always)
            parts = [await anext(stream), await anext(stream), await anext(stream)]
            await stream.aclose()
            return parts

    for n, region in enumerate(("there", "here", "there")):
        announce(bus, n, region)
    text = b"".join(asyncio.run(heard()))
    assert b'"f1"' in text
    assert b'"f0"' not in text
    assert b'"f2"' not in text


def test_who_may_see_nothing_any_more_is_cut_off_at_the_next_beat(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)

    async def listen() -> int:
        answers = iter((True, True, False))

        async def admitted() -> bool:
            return next(answers)

        async with live.Hub(settings) as hub:
            return sum([b"beat" in part async for part in hub.listen("", lambda _said: True, admitted)])

    assert asyncio.run(listen()) == 2


def test_changes_that_pour_in_keep_nobody_admitted(settings: Settings, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0)
    for n in range(3):
        announce(bus, n)

    async def never() -> bool:
        return False

    async def listen() -> bytes:
        async with live.Hub(settings) as hub:
            return b"".join([part async for part in hub.listen("0-0", lambda _said: True, never)])

    said = asyncio.run(listen())
    assert said.endswith(b"event: ended\ndata: {}\n\n")
    assert b"finding" not in said


async def _always() -> bool:
    return True


def test_nobody_listens_without_signing_in(client: Client) -> None:
    for cookie in ("", "forged"):
        Listener.cookie = cookie
        with listening(client.port) as browser:
            assert browser.status == 401


def test_an_administrator_hears_of_no_finding(client: Client, bus: Bus, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.2)
    Listener.cookie = signed_in(database.engine("console"), "li", ["security_admin"])
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        sent = announce(bus, 1).encode()
        heard = list(itertools.takewhile(lambda line: sent not in line, browser.lines()))  # a heartbeat says how far it is
        assert not any(b"finding" in line for line in heard)


@pytest.mark.parametrize("who", [
    {"roles": ["auditor"], "regions": [COUNTY]}, {"roles": ["unit_handler"], "regions": [COUNTY], "unit_code": "U-own"},
])  # fmt: skip
def test_a_viewer_hears_of_the_own_region_and_unit_only(client: Client, bus: Bus, database: Database, who: dict[str, Any]) -> None:
    fill(database.engine("owner"))
    Listener.cookie = signed_in(database.engine("console"), "near", **who)
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        for n, (region, unit) in enumerate([("371424001000", "U-own"), (None, "U-own"), (TOWNSHIP, "U-own")]):
            bus.xadd(LIVE, {"d": json.dumps({"finding_id": f"f{n}", "region_code": region, "unit_code": unit})})
        assert browser.event()["finding_id"] == "f2"
        if "unit_code" in who:
            bus.xadd(LIVE, {"d": json.dumps({"finding_id": "other", "region_code": TOWNSHIP, "unit_code": "U-other"})})
            bus.xadd(LIVE, {"d": json.dumps({"finding_id": "own", "region_code": TOWNSHIP, "unit_code": "U-own"})})
            assert browser.event()["finding_id"] == "own"


def test_what_was_missed_is_filtered_too(client: Client, bus: Bus, database: Database) -> None:
    fill(database.engine("owner"))
    Listener.cookie = signed_in(database.engine("console"), "near", ["auditor"], [COUNTY])
    before = announce(bus, 0, TOWNSHIP)
    announce(bus, 1, "371424001000")
    announce(bus, 2, TOWNSHIP)
    with listening(client.port, last=before) as browser:
        assert browser.event()["finding_id"] == "f2"


def test_the_stream_ends_with_the_session(client: Client, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.2)
    with listening(client.port) as browser:
        wait_for(lambda: viewers(client) == 1)
        assert browser.until(b"beat")
        with database.engine("owner").begin() as conn:
            conn.execute(text("delete from access.session"))
        assert browser.until(b"event: ended"), "the page is told: to try again would be in vain"
        assert browser.ended()
