"""Setting a limit of a rule: one proposes, another accepts or refuses; until then nothing is in force (domain §9.1: four eyes)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask, g, make_response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console import rulebook, words
from console.actions.trials import asked_rule
from console.auth import forms
from console.auth.forms import LONGEST, SHORTEST
from console.auth.paths import LIMIT
from console.auth.sessions import Acting
from console.i18n import t
from console.queries import data, limits
from console.url import SHANGHAI
from monitors.entities import PROGRAMMES
from monitors.identifiers import scrub
from monitors.parameter import ParameterError, with_values, written
from monitors.rule import Rule
from sql.access import see_as
from sql.people import note

EVERYWHERE = "*"
SAID = {"accept": "limit_accepted", "refuse": "limit_refused"}  #: and how the trail says it


@dataclass(frozen=True)
class _Asked:
    """What the form says, as it was typed."""

    name: str
    typed: str
    region: str
    programme: str
    since: str
    why: str

    @staticmethod
    def read() -> _Asked:
        given = {name: scrub(request.form.get(name, "").strip()) for name in ("name", "value", "why")}
        return _Asked(given["name"], given["value"], request.form.get("region", ""), request.form.get("programme", ""),
                      request.form.get("since", ""), given["why"][:LONGEST])  # fmt: skip


def serve(server: Flask, acting: Acting) -> None:
    """Put the form on ``server``."""

    @server.route(LIMIT, methods=["GET", "POST"])
    def limit() -> AnyResponse:
        rule = asked_rule(t("Set a limit"))
        if not isinstance(rule, Rule):
            return rule
        code = request.values["rule"]
        with acting() as conn:
            see_as(conn, g.viewer)
            if request.method == "GET":
                return _page(conn, code, rule, _Asked("", "", "", "", "", ""))
            return _decide(conn, code, request.form["said"]) if "said" in request.form else _propose(conn, code, rule)


def _decide(conn: Connection, code: str, said: str) -> AnyResponse:
    found = limits.one(conn, code, request.form.get("id", ""))
    if found is None or said not in SAID or not _is_own(conn, found.region_code):
        return make_response(t("There is no such proposal, or it is for a place outside your regions."), 404)
    if not limits.decide(conn, found.id, g.viewer.name, accepted=said == "accept"):
        return make_response(t("It is decided already, or you proposed it: somebody else accepts it."), 409)
    note(conn, g.viewer.name, SAID[said], about=code, detail=f"{found.name}={written(found.value)}", address=request.remote_addr)
    return redirect(f"/rule/{code}", 303)


def _propose(conn: Connection, code: str, rule: Rule) -> AnyResponse:
    asked = _Asked.read()
    try:
        value = with_values(rule, {asked.name: asked.typed}).params[asked.name]
    except ParameterError:
        like = written(rule.params[asked.name]) if asked.name in rule.params else ""
        return _page(conn, code, rule, asked, t("{name}: write something like {value}.", name=asked.name, value=like))
    region, fault = (None if asked.region == EVERYWHERE else asked.region), _fault(conn, rule, asked)
    if fault:
        return _page(conn, code, rule, asked, fault)
    limits.propose(conn, rule=code, name=asked.name, value=value, region_code=region, programme=asked.programme or None,
                   valid_from=date.fromisoformat(asked.since), who=g.viewer.name, why=asked.why)  # fmt: skip
    note(conn, g.viewer.name, "limit_proposed", about=code, detail=f"{asked.name}={written(value)}", address=request.remote_addr)
    return redirect(f"/rule/{code}", 303)


def _fault(conn: Connection, rule: Rule, asked: _Asked) -> str | None:
    try:
        date.fromisoformat(asked.since)
    except ValueError:
        return t("Say from which day on, as {day}.", day=_today(conn).isoformat())
    if asked.programme not in ("", *PROGRAMMES) or not _is_own(conn, None if asked.region == EVERYWHERE else asked.region):
        return t("Choose a place of your regions; everywhere is for who sees every region.")
    if (asked.region != EVERYWHERE and "region" not in rule.override_by) or (asked.programme and "programme" not in rule.override_by):
        return t("The limits of this rule are one for all places or programmes.")
    if len(asked.why) < SHORTEST:
        return t("Say in a sentence why the limit is to change.")
    return None


def _is_own(conn: Connection, region: str | None) -> bool:
    """Whether the viewer answers for a place; None: everywhere."""
    if region is None:
        return bool(g.viewer.sees_every_region)
    return region in {code for code, _ in limits.places(conn)}


def _page(conn: Connection, code: str, rule: Rule, asked: _Asked, fault: str | None = None) -> AnyResponse:
    places = [(EVERYWHERE, t("everywhere"))] if g.viewer.sees_every_region else []
    own = limits.places(conn) if "region" in rule.override_by else []
    told = PROGRAMMES if "programme" in rule.override_by else ()
    programmes = [("", t("all programmes")), *((one, words.word(words.PROGRAMME, one)) for one in told)]
    names = [(name, t("{name} (in force: {value})", name=name, value=written(value))) for name, value in rule.params.items()]
    fields: list[Any] = [
        forms.select("name", t("Limit"), names, asked.name),
        forms.field("value", t("New value"), "text", "off", value=asked.typed),
        forms.select("region", t("Where"), [*places, *own], asked.region),
        forms.select("programme", t("Programme"), programmes, asked.programme, required=False),
        forms.field("since", t("From"), "date", "off", value=asked.since or (_today(conn) + timedelta(days=1)).isoformat()),
        forms.area("why", t("Why"), asked.why),
        forms.hidden("rule", code),
    ]
    advice = t("{title} {code}: a proposal. It is in force once somebody else who keeps rules accepts it; try it first.",
               title=rulebook.title(code), code=code)  # fmt: skip
    below = forms.link(t("Back"), f"/rule/{code}")
    return forms.page(t("Set a limit"), LIMIT, fields, t("Propose"), advice=advice, fault=fault, below=below, status=400 if fault else 200)


def _today(conn: Connection) -> date:
    return data.now(conn).judged_at.astimezone(SHANGHAI).date()
