"""Every error this project raises on purpose."""


class SupervisionError(Exception):
    """Base of all of them, so that an edge can tell a known fault from a surprise."""


class RuleFileError(SupervisionError):
    """A rule file that cannot be trusted. Raised at start-up and in CI, never in mid-evaluation."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class RejectedError(SupervisionError):
    """An event that cannot be taken; ``reason`` is written for the vendor who sent it."""

    def __init__(self, reason: str, event_id: str | None = None, source: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.event_id = event_id
        self.source = source
