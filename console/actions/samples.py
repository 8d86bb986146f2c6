"""A sample an auditor draws from a list of findings: by chance, kept in the address, drawn again by anybody, and told in the trail.

The address holds its size and a seed (``sample=30-482913``): in it are the findings whose md5 of seed and finding number comes first. The
seed is drawn here and not chosen, and every draw has its line in the trail: who draws until the sample pleases is seen.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from console.auth import forms
from console.auth.forms import LONGEST, SHORTEST
from console.auth.paths import SAMPLE
from console.auth.sessions import Acting
from console.i18n import t
from console.queries import data, findings
from console.url import Filters, parse
from monitors.identifiers import scrub
from sql.access import see_as
from sql.people import note

LIST = "/findings"
MOST, USUAL, SEEDS = 1_000, 30, 10**6  #: findings of a sample; how many are offered; seeds there are


def serve(server: Flask, acting: Acting) -> None:
    """Put the form on ``server``."""

    @server.route(SAMPLE, methods=["GET", "POST"])
    def sample() -> AnyResponse:
        if not g.viewer.may("read"):
            return make_response(t("This page is not for your role."), 403)
        of = parse(urlsplit(request.values.get("at", "")).query).but(sample=None)
        with acting() as conn:
            see_as(conn, g.viewer)
            there = findings.totals(conn, findings.asked(of, data.now(conn).judged_at)).n
            return _page(of, there) if request.method == "GET" else _draw(conn, of, there)


def _draw(conn: Connection, of: Filters, there: int) -> AnyResponse:
    typed, why = request.form.get("n", ""), scrub(request.form.get("why", "").strip())
    n = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    if not 1 <= n <= min(MOST, there):
        return _page(of, there, t("Choose a number from 1 to {most}.", most=min(MOST, there)))
    if not SHORTEST <= len(why) <= LONGEST:
        return _page(of, there, t("Say what the sample is for ({least} to {most} characters).", least=SHORTEST, most=LONGEST))
    drawn = of.but(sample=f"{n}-{secrets.randbelow(SEEDS):06}")
    about = scrub(drawn.href(LIST))[:500]
    note(conn, g.viewer.name, "sample_drawn", about=about, detail=f"{n} / {there}: {why}", address=request.remote_addr)
    return redirect(drawn.href(LIST), 303)


def _page(of: Filters, there: int, fault: str | None = None) -> Response:
    if not there:
        return forms.notice(t("Draw a sample"), "", t("No findings answer this question."), forms.link(t("Back"), of.href(LIST)))
    fields = [forms.field("n", t("How many of {there}", there=f"{there:,}"), "text", "off", digits=True,
                          value=scrub(request.form.get("n", str(min(USUAL, there))))),
              forms.area("why", t("What it is for"), scrub(request.form.get("why", ""))), forms.hidden("at", of.href(LIST))]  # fmt: skip
    advice = t("Chance decides, not you: the seed is drawn now and stands in the address, so that anybody draws the same sample again. "
               "That you drew it, from how many and what for, is in the trail.")  # fmt: skip
    return forms.page(t("Draw a sample"), SAMPLE, fields, t("Draw"), advice=advice, fault=fault, below=forms.link(t("Back"), of.href(LIST)),
                      status=400 if fault else 200)  # fmt: skip
