"""Private servers for the tests: real PostgreSQL and Valkey on unix sockets in a temporary directory."""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
import sqlalchemy
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sql.connect import connect
from sql.migrate import migrate
from sql.settings import Role, Settings
from workers import keys
from workers.embedded.database import prepare_database
from workers.embedded.postgres import PostgresServer
from workers.embedded.valkey import ValkeyServer
from workers.intake import Intake
from workers.keys import Keys
from workers.seeds import seed

_TEMPLATE = "aidwatch_template"
_numbers = itertools.count(1)


@dataclass
class Database:
    """A freshly migrated database of its own; ``url`` and ``engine`` log in as one of our roles."""

    server: PostgresServer
    name: str
    _engines: dict[str, sqlalchemy.Engine] = field(default_factory=dict)

    def url(self, role: Role) -> str:
        return self.server.url(self.name, f"aidwatch_{role}")

    def engine(self, role: Role) -> sqlalchemy.Engine:
        if role not in self._engines:
            self._engines[role] = sqlalchemy.create_engine(self.url(role))
        return self._engines[role]

    def drop(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        with self.server.connect() as conn:
            conn.execute(f"drop database {self.name} with (force)")


@pytest.fixture(scope="session")
def pg_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run. Without fsync it still keeps what was committed when a process is killed."""
    conf = {"shared_buffers": "256MB", "fsync": "off", "full_page_writes": "off"}
    with PostgresServer(tmp_path_factory.mktemp("pg"), name="tests", conf=conf) as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with ValkeyServer(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture(scope="session")
def _template(pg_server: PostgresServer) -> str:
    prepare_database(pg_server, _TEMPLATE)
    engine = sqlalchemy.create_engine(pg_server.url(_TEMPLATE, "aidwatch_owner"), poolclass=sqlalchemy.NullPool)
    migrate(engine)
    with connect(pg_server.url(_TEMPLATE, "aidwatch_worker"), name="template") as conn:
        seed(Intake(conn, Keys(b"h" * 32, b"v" * 32), "template"))
        conn.execute("delete from ledger.mark")  # nothing has been judged yet: the first evaluator sweeps everything
    return _TEMPLATE


@pytest.fixture
def database(pg_server: PostgresServer, _template: str) -> Iterator[Database]:
    """A migrated database that nobody else uses."""
    with copied(pg_server) as made:
        yield made


@pytest.fixture(scope="module")
def shared_database(pg_server: PostgresServer, _template: str) -> Iterator[Database]:
    """One for a file of tests that only read what the first of them found there."""
    with copied(pg_server) as made:
        yield made


@contextmanager
def copied(pg_server: PostgresServer) -> Iterator[Database]:
    """A copy of the template as files (60 ms; block by block through the log it is 600)."""
    name = f"aidwatch_{next(_numbers)}"
    with pg_server.connect() as conn:
        conn.execute(f"create database {name} template {_TEMPLATE} owner aidwatch_owner strategy file_copy")
    made = Database(pg_server, name)
    yield made
    made.drop()


@pytest.fixture
def environ(database: Database, valkey_server: ValkeyServer, tmp_path: Path) -> dict[str, str]:
    """The environment of a test deployment, for ``Settings.read`` and for processes a test starts."""
    with closing(redis.Redis.from_url(valkey_server.url)) as client:
        client.flushall()
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ},
        "AIDWATCH_HOME": str(tmp_path / "home"),
        "AIDWATCH_TEST": "1",
        "DATABASE_URL": database.url("worker"),
        "AIDWATCH_OWNER_DATABASE_URL": database.url("owner"),
        "AIDWATCH_WORKER_DATABASE_URL": database.url("worker"),
        "AIDWATCH_CONSOLE_DATABASE_URL": database.url("console"),
        "REDIS_URL": valkey_server.url,
    }


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """The settings of that deployment, its keys made."""
    read = Settings.read(environ)
    keys.ensure(read)
    return read


_BROWSER_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
)  # fmt: skip
_NO_BROWSER = (
    "no Chromium here. Install one: `apt-get install chromium fonts-noto-cjk`, or `playwright install chromium`"
)


@pytest.fixture(scope="module")  # no longer: while it is there, its event loop keeps asyncio.run from every other test
def browser() -> Iterator[Browser]:
    """A headless Chromium: AIDWATCH_CHROMIUM, else the system's, else Playwright's own, else a failure."""
    if os.environ.get("AIDWATCH_NO_BROWSER") == "1":
        pytest.skip("AIDWATCH_NO_BROWSER=1: WHAT THE BROWSER SHOWS WAS NOT TESTED")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("AIDWATCH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail(_NO_BROWSER)
        launched = playwright.chromium.launch(executable_path=found, args=_BROWSER_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own, in Chinese, on a desk-sized screen."""
    fresh = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
