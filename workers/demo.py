"""``aidwatch demo``: a deployment, and a simulated city whose business system it watches."""

import argparse

from sql.settings import Settings
from workers import up
from workers.embedded.database import ensure_database
from workers.embedded.postgres import PostgresServer
from workers.supervisor import read_procfile

NEEDS_SERVERS = False
BUSINESS_DATABASE = "minzheng"
MAPPING = "minzheng"


def arguments(parser: argparse.ArgumentParser) -> None:
    up.arguments(parser)
    parser.add_argument("--households", type=int, default=2000, help="size of the city (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=1.0, help="business changes a second (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same city (default: %(default)s)")


def main(args: argparse.Namespace, settings: Settings) -> int:
    business = BusinessServer(settings.home / "business", name="business", conf={"shared_buffers": "128MB"})
    commands = read_procfile(args.procfile)
    commands["simulator"] = ["aidwatch", "run", "simulator", *_city(args)]
    return up.run(
        settings,
        commands,
        also=business,
        demo=True,
        AIDWATCH_CAPTURE_URL=business.url(BUSINESS_DATABASE, "aidwatch_capture"),
        AIDWATCH_CAPTURE_MAPPING=MAPPING,
    )


class BusinessServer(PostgresServer):
    """The business system's own cluster; one cluster for both would decode our own writes as business changes."""

    def start(self, limit_s: float = 90) -> None:
        super().start(limit_s)
        ensure_database(self, BUSINESS_DATABASE)


def _city(args: argparse.Namespace) -> list[str]:
    return [f"--households={args.households}", f"--rate={args.rate}", f"--seed={args.seed}"]
