"""The console in a real browser, served by the real web process over a city of known findings."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sql.people import COOKIE
from tests.browser.everything import Addresses, furnish
from tests.conftest import Database
from tests.console.world import World, fill
from tests.signing import signed_in
from tests.workers.serving import serving
from workers.embedded.postgres import PostgresServer
from workers.embedded.valkey import ValkeyServer

PATIENCE_MS = 30_000  # of a shared machine: nothing here measures time
TOWNSHIP = "371402001000"
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Site:
    """A running console, the city it shows, and the stream changes are announced on."""

    url: str
    world: World
    environ: dict[str, str]
    bus: Any
    cookie: str  # of somebody who may see everything
    database: Database

    def announce(self, finding_id: str, **more: Any) -> None:
        """Put a change on the live stream, as the outbox relay does."""
        at = datetime.now(UTC).isoformat()
        said = {
            "finding_id": finding_id, "rule": "F02", "what": "opened", "card": "red", "title_zh": "终止后仍发放",
            "title_en": "Paid after termination", "region_code": TOWNSHIP, "present": True, "at": at, "committed_at": at,
        }  # fmt: skip
        self.bus.xadd("live", {"d": json.dumps(said | more, ensure_ascii=False)})


@dataclass
class Visitor:
    """One browser profile on the console; remembers what the page complained of and whom it asked."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != urlsplit(self.site.url).netloc:
            self.strangers.append(url)

    def choose(self, *, lang: str = "zh", theme: str = "light") -> None:
        cookies = {"lang": lang, "theme": theme}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.site.url} for name, value in cookies.items()]
        )

    def open(self, path: str) -> Page:
        """Open an address and wait until nothing of it is a skeleton any more, and the grid has its header."""
        self.page.goto(self.site.url + path)
        expect(self.page.locator("main > *").first).to_be_attached()
        self.settled()
        if self.page.locator(".grid-box").count():  # not where the page is refused
            expect(self.page.locator(".ag-header-cell").first).to_be_visible()
        return self.page

    def settled(self) -> None:
        expect(self.page.locator("main .skeleton")).to_have_count(0)


@pytest.fixture(scope="module")
def site(
    pg_server: PostgresServer, valkey_server: ValkeyServer, _template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One console for a file of tests: they read, and what one of them announces does not disturb the next."""
    name = f"console_{os.getpid()}"
    with pg_server.connect() as conn:
        conn.execute(f"drop database if exists {name} with (force)")
        conn.execute(f"create database {name} template {_template} owner aidwatch_owner strategy file_copy")
    database = Database(pg_server, name)
    bus = redis.Redis.from_url(valkey_server.url)
    bus.flushall()
    environ = _environ(database, valkey_server, tmp_path_factory.mktemp("home"))
    with serving(environ, console=True) as client:
        cookie = signed_in(database.engine("console"))
        yield Site(f"http://127.0.0.1:{client.port}", fill(database.engine("owner")), environ, bus, cookie, database)
    bus.close()
    database.drop()


@pytest.fixture(scope="module")
def everything(site: Site) -> Addresses:
    """The addresses of a reader, after the city was filled so that none of them is empty."""
    return furnish(site.world, site.database, site.environ)


def _environ(database: Database, valkey: ValkeyServer, home: Path) -> dict[str, str]:
    roles = {f"AIDWATCH_{role.upper()}_DATABASE_URL": database.url(role) for role in ("owner", "worker", "console")}
    return {
        "AIDWATCH_HOME": str(home),
        "AIDWATCH_TEST": "1",
        "DATABASE_URL": database.url("worker"),
        "REDIS_URL": valkey.url,
        **roles,
    }


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(site: Site, browser: Browser) -> Iterator[Enter]:
    """Lets somebody in (as tests.signing.signed_in takes it); no browser may have had anything to say, or asked anybody else."""
    guests: list[Visitor] = []

    def let_in(name: str, *, cookie: str | None = None, **who: Any) -> Visitor:
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}, accept_downloads=True
        )
        context.set_default_timeout(PATIENCE_MS)
        cookie = cookie or signed_in(site.database.engine("console"), name, **who)
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": site.url}])
        guests.append(Visitor(site, context, context.new_page()))
        guests[-1].watch()
        return guests[-1]

    yield let_in
    for guest in guests:
        guest.context.close()
    assert [said for guest in guests for said in guest.complaints + guest.strangers] == []


@pytest.fixture
def visitor(site: Site, enter: Enter) -> Visitor:
    """A visitor who may see everything."""
    return enter("chen", cookie=site.cookie)
