"""Single sign-on against a real provider: who it vouches for gets in, if there is an account; nothing forged does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from console.app import create_app
from sql import people
from sql.settings import Settings
from tests.conftest import Database
from tests.console.guests import KEYS
from tests.console.provider import CLIENT, SECRET, Provider, provider

SSO = "/sign-in/sso"


@pytest.fixture
def idp() -> Iterator[Provider]:
    with provider() as made:
        yield made


def console(database: Database, issuer: str) -> FlaskClient:
    told = {"AIDWATCH_TEST": "1", "AIDWATCH_OIDC_ISSUER": issuer, "AIDWATCH_OIDC_CLIENT_ID": CLIENT, "AIDWATCH_OIDC_CLIENT_SECRET": SECRET}
    engine = database.engine("console")
    app = create_app(lambda _viewer: engine.connect(), engine.begin, KEYS, Settings.read(told))
    client: FlaskClient = app.server.test_client()
    return client


@pytest.fixture
def client(database: Database, idp: Provider) -> FlaskClient:
    with database.engine("console").begin() as conn:
        people.run(conn, "add_account", name="chen", display_name="Chen", password_hash=None, roles=["auditor"], regions=["*"], unit_code=None,
                   single_sign_on=f"{idp.issuer} 4711", must_change=False)  # fmt: skip
    return console(database, idp.issuer)


def through(client: FlaskClient, wanted: str = "/findings") -> str:
    """Go to the provider as a browser does; return the address it sends back to."""
    away = client.get(f"{SSO}?next={wanted}")
    assert away.status_code == 302
    answer = requests.get(away.headers["Location"], allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def test_who_the_provider_vouches_for_gets_in_and_goes_on(client: FlaskClient, database: Database) -> None:
    answer = client.get(through(client))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/findings")
    assert client.get("/findings").status_code == 200
    with database.engine("console").connect() as conn:
        assert [(row.who, row.what, row.detail) for row in people.rows(conn, "trail", who=None, what=None, begin=None, end=None, before=None, most=9)] == [("chen", "signed_in", "single sign-on")]


def test_an_identity_without_an_account_is_told_whom_to_ask(client: FlaskClient, idp: Provider) -> None:
    idp.subject = "someone else"
    answer = client.get(through(client))
    assert answer.status_code == 401
    assert f"{idp.issuer} someone else" in answer.text
    assert client.get("/findings").status_code == 303


def _expired(claims: dict[str, Any]) -> None:
    claims["exp"] = claims["iat"] - 3600


def _for_others(claims: dict[str, Any]) -> None:
    claims["aud"] = "another client"


def _of_others(claims: dict[str, Any]) -> None:
    claims["iss"] = "https://elsewhere.example"


def _of_another_time(claims: dict[str, Any]) -> None:
    claims["nonce"] = "another"


def test_an_id_token_that_is_not_for_this_sign_in_is_refused(client: FlaskClient, idp: Provider) -> None:
    for spoil in (_expired, _for_others, _of_others, _of_another_time):
        idp.spoil = spoil
        assert client.get(through(client)).status_code == 401, spoil.__name__
        assert client.get("/findings").status_code == 303


def test_an_answer_nobody_asked_for_is_refused(client: FlaskClient, database: Database, idp: Provider) -> None:
    asked = through(client)
    assert console(database, idp.issuer).get(asked).status_code == 401, "another browser"
    state = parse_qs(urlsplit(asked).query)["state"][0]
    assert client.get(f"{SSO}/back?code=forged&state={state}").status_code == 401
    assert client.get(asked).status_code == 401, "the state is used up"


def test_nobody_is_sent_elsewhere_after_single_sign_on(client: FlaskClient) -> None:
    assert client.get(through(client, "https://evil.example")).headers["Location"] == "/"


def test_a_provider_that_is_away_is_said(database: Database) -> None:
    away = console(database, "http://127.0.0.1:9")
    assert away.get(SSO).status_code == 503
    assert 'href="/sign-in/sso' in away.get("/sign-in").text
