"""The ladder of a finding: from which instant it is a notice, a yellow card, a red card."""

from datetime import datetime

from dash import html

from console import format as shown
from console.i18n import t
from console.parts.panel import tag
from console.queries.dossier import Finding


def ladder(finding: Finding, now: datetime) -> html.Ol:
    """Return the rungs with their instants, reached or still ahead."""
    rungs = [("notice", finding.notice_at), ("yellow", finding.yellow_at), ("red", finding.red_at)]
    steps = [_rung(card, at, now) for card, at in rungs if at is not None]
    if finding.until_at is not None:
        steps.append(
            _step(html.Span(t("ends"), className="tag plain"), finding.until_at, now, t("no longer holds from then"))
        )
    return html.Ol(steps, className="ladder")


def _rung(card: str, at: datetime, now: datetime) -> html.Li:
    ahead = t("in {time}", time=shown.span((at - now).total_seconds()))
    return _step(tag(card), at, now, t("reached") if at <= now else ahead)


def _step(mark: html.Span, at: datetime, now: datetime, said: str) -> html.Li:
    return html.Li([html.Span(mark), html.Span(shown.minute(at), className="at"), html.Span(said, className="why")],
                   className="reached" if at <= now else "")  # fmt: skip
