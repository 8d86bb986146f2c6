"""Signing in over the real database: who gets in, who does not, and what it leaves in the trail."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pyotp
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from console.app import create_app
from console.auth import second_factor
from console.auth.going import back
from sql import people
from sql.accounts import hashed
from sql.people import COOKIE
from sql.rights import ADMINISTRATORS, ROLES
from sql.settings import Settings
from tests.conftest import Database
from tests.signing import add_account, signed_in
from workers.keys import Keys

GOOD, BETTER = "Winter-2026-fog", "Summer-2027-rain"
KEYS = Keys(b"h" * 32, b"v" * 32)
SETTINGS = Settings.read({"AIDWATCH_TEST": "1"})


class Browser:
    """One browser in front of the console; it says where its requests come from, as browsers do."""

    def __init__(self, database: Database) -> None:
        engine = database.engine("console")
        app = create_app(lambda _viewer: engine.connect(), engine.begin, KEYS, SETTINGS)
        self.client: FlaskClient = app.server.test_client()
        self.client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    def sign_in(self, name: str = "chen", password: str = GOOD, **more: str) -> Any:
        return self.client.post("/sign-in", data={"name": name, "password": password, **more})

    def leads_to(self, path: str = "/") -> str:
        answer = self.client.get(path)
        return urlsplit(answer.headers["Location"]).path if answer.status_code == 303 else path


@pytest.fixture
def guest(database: Database) -> Browser:
    add_account(database.engine("console"), "chen", password_hash=hashed(GOOD))
    return Browser(database)


def trail(database: Database) -> list[tuple[str, str]]:
    with database.engine("owner").connect() as conn:
        return [(row.who, row.what) for row in conn.execute(text("select who, what from access.trail order by id"))]


def change(database: Database, statement: str) -> None:
    with database.engine("owner").begin() as conn:
        conn.execute(text(statement))


def test_nobody_sees_a_page_before_signing_in(guest: Browser) -> None:
    assert guest.leads_to("/findings?card=red") == "/sign-in"
    assert guest.client.get("/findings.csv").status_code == 303
    assert guest.client.get("/_dash-layout").status_code == 401
    assert guest.client.post("/_dash-update-component", json={}).status_code == 401
    with guest.client.get("/assets/10-tokens.css") as sheet:
        assert sheet.status_code == 200


def test_the_right_password_opens_the_page_one_wanted(guest: Browser, database: Database) -> None:
    answer = guest.sign_in(next="/findings?card=red")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/findings?card=red")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(re.split("; ?", cookie))
    assert guest.client.get("/findings").status_code == 200
    assert trail(database) == [("chen", "signed_in")]
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select sha256, agent from access.session")).one()
    assert cookie.split("=")[1].split(";")[0].encode() not in kept.sha256


def test_a_cookie_over_https_never_travels_in_clear(guest: Browser) -> None:
    answer = guest.client.post("/sign-in", data={"name": "chen", "password": GOOD}, base_url="https://console.example")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in guest.client.get("/sign-in").headers, "a console on loopback has no TLS"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(guest: Browser, database: Database) -> None:
    wrong, unknown = guest.sign_in(password="x" * 12), guest.sign_in(name="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert re.search('role="alert">(.*?)<', wrong.text)[1] == re.search('role="alert">(.*?)<', unknown.text)[1]  # type: ignore[index]
    assert trail(database) == [("chen", "refused"), ("nobody", "refused")]


def test_five_refusals_lock_a_name_for_a_while(guest: Browser, database: Database) -> None:
    add_account(database.engine("console"), "wang", password_hash=hashed(GOOD))
    assert [guest.sign_in(password="wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert guest.sign_in().status_code == 429, "the right password does not help now"
    assert guest.sign_in(name="wang").status_code == 303, "others are not locked"
    change(database, "update access.trail set at = at - interval '16 minutes'")
    assert guest.sign_in().status_code == 303


def test_getting_in_begins_the_count_anew(guest: Browser) -> None:
    for _ in range(2):
        assert [guest.sign_in(password="wrong").status_code for _ in range(4)] == [401] * 4
        assert guest.sign_in().status_code == 303


def test_many_refusals_from_one_address_slow_everybody_there(guest: Browser, database: Database) -> None:
    for n in range(28):
        with database.engine("console").begin() as conn:
            people.note(conn, f"name{n}", "refused", address="127.0.0.1")
    assert [guest.sign_in(name=name).status_code for name in ("zhang", "wang")] == [401, 401]
    assert guest.sign_in().status_code == 429


def test_signing_out_ends_the_session_everywhere_it_was_copied_to(guest: Browser, database: Database) -> None:
    cookie = signed_in(database.engine("console"))
    for copy in (guest, Browser(database)):
        copy.client.set_cookie(COOKIE, cookie)
        assert copy.leads_to("/") == "/"
    guest.client.post("/sign-out")
    assert guest.leads_to("/") == "/sign-in"
    assert ("chen", "signed_out") in trail(database)


def test_a_session_ends_when_idle_when_old_and_when_the_account_is_disabled(guest: Browser, database: Database) -> None:
    for ending in ("update access.session set seen_at = now() - interval '31 minutes'", "update access.session set ends_at = now()",
                   "update access.account set disabled_at = now()"):  # fmt: skip
        guest.client.set_cookie(COOKIE, signed_in(database.engine("console")))
        assert guest.leads_to("/") == "/"
        change(database, ending)
        assert guest.leads_to("/") == "/sign-in", ending


def test_what_a_page_asks_by_itself_keeps_no_unattended_desk_open(guest: Browser, database: Database) -> None:
    guest.client.set_cookie(COOKIE, signed_in(database.engine("console")))
    for asks, renewed in (("/_dash-layout", False), ("/account/here", True), ("/findings", True)):
        change(database, "update access.session set seen_at = now() - interval '10 minutes'")
        assert guest.client.get(asks).status_code in (200, 204)
        with database.engine("owner").connect() as conn:
            assert conn.execute(text("select seen_at > now() - interval '5 minutes' from access.session")).scalar_one() is renewed, asks


def test_a_password_somebody_else_set_must_be_changed_first(guest: Browser, database: Database) -> None:
    change(database, "update access.account set must_change = true")
    guest.sign_in()
    assert guest.leads_to("/findings") == "/account/password"
    assert guest.client.get("/_dash-layout").status_code == 401
    other = Browser(database)
    other.sign_in()
    for new in ("short-1A", "onlysmallletters", f"Chen-{GOOD}", GOOD):
        assert _changed(guest, new, new) == 400
    assert _changed(guest, BETTER, f"{BETTER}!") == 400
    assert _changed(guest, BETTER, BETTER) == 303
    assert guest.leads_to("/") == "/"
    assert other.leads_to("/") == "/sign-in", "other sessions end"
    assert Browser(database).sign_in(password=GOOD).status_code == 401
    assert Browser(database).sign_in(password=BETTER).status_code == 303


def _changed(guest: Browser, new: str, again: str) -> int:
    answer = guest.client.post("/account/password", data={"password": GOOD, "new": new, "again": again})
    return answer.status_code


def test_an_administrator_needs_a_second_factor_and_a_code_is_good_once(guest: Browser, database: Database) -> None:
    add_account(database.engine("console"), "li", ["security_admin"], [], password_hash=hashed(GOOD))
    guest.sign_in("li")
    assert guest.leads_to("/") == "/account/second-factor"
    secret = re.search('name="secret" value="([A-Z2-7]{32})"', guest.client.get("/account/second-factor").text)[1]  # type: ignore[index]
    assert guest.client.post("/account/second-factor", data={"secret": secret, "code": "000000x"}).status_code == 400
    code = pyotp.TOTP(secret).now()
    assert guest.client.post("/account/second-factor", data={"secret": secret, "code": code}).status_code == 303
    assert guest.leads_to("/") == "/accounts"

    later = Browser(database)
    later.sign_in("li")
    assert later.leads_to("/") == "/sign-in/code"
    assert later.client.get("/_dash-layout").status_code == 401
    assert later.client.post("/sign-in/code", data={"code": code}).status_code == 401, "it was used"
    change(database, "update access.account set totp_step = 0 where name = 'li'")
    assert later.client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).now()}).status_code == 303
    assert later.leads_to("/") == "/accounts"
    with database.engine("owner").connect() as conn:
        assert secret.encode() not in bytes(conn.execute(text("select totp_sealed from access.account where name = 'li'")).scalar_one())


def test_codes_of_the_step_before_and_after_are_taken_and_no_others() -> None:
    secret, at_s = "A" * 32, 1_800_000_000.0
    codes = {shift: pyotp.TOTP(secret).at(int(at_s) + 30 * shift) for shift in (-2, -1, 0, 1, 2)}
    steps = {shift: second_factor.step_of(secret, code, at_s) for shift, code in codes.items()}
    assert [shift for shift, step in steps.items() if step is not None] == [-1, 0, 1]
    assert second_factor.step_of(secret, f"{codes[0][:3]} {codes[0][3:]}", at_s) == int(at_s // 30)


def test_a_form_of_another_site_is_refused(guest: Browser) -> None:
    guest.client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}, {}):
        assert guest.client.post("/sign-in", data={"name": "chen", "password": GOOD}, headers=headers).status_code == 403
    own = {"Origin": "http://localhost"}
    assert guest.client.post("/sign-in", data={"name": "chen", "password": GOOD}, headers=own).status_code == 303


@given(st.text() | st.sampled_from(["//evil", "https://evil", "/\\evil", "\\\\evil", "/ok?x=1", "javascript:alert(1)", "///evil", "/\t/evil"]))
def test_nobody_is_sent_to_another_site_after_signing_in(wanted: str) -> None:
    parts = urlsplit(back(wanted))
    assert (parts.scheme, parts.netloc) == ("", "")
    assert re.match(r"/(?![/\\])|/$", back(wanted))


def test_the_database_keeps_administrators_apart_and_knows_every_role(database: Database) -> None:
    for roles in (["security_admin", "system_admin"], ["audit_admin", "auditor"], ["chief"], ["unit_handler"]):
        with pytest.raises(Exception, match=r"administrators_apart|roles_known|handler_has_unit") as fault:
            add_account(database.engine("console"), "x", roles)
        assert isinstance(fault.value.__cause__, psycopg.errors.CheckViolation)
    for role in ROLES:
        add_account(database.engine("console"), role, [role], unit_code="U1")
    assert ROLES.keys() > ADMINISTRATORS


def test_the_pages_of_signing_in_speak_both_languages(guest: Browser) -> None:
    assert "<h1>登录</h1>" in guest.client.get("/sign-in").text
    assert "<h1>Sign in</h1>" in guest.client.get("/sign-in?lang=en").text
    assert re.findall("<script.*?>(.*?)</script>", guest.client.get("/sign-in").text) == [""], "only a file of ours"
