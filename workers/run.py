"""``aidwatch run NAME``: one process in the foreground, until SIGTERM or Ctrl-C."""

import argparse
import importlib
import signal
import threading

from sql.settings import Settings

NEEDS_SERVERS = False  # the supervisor has started them, or they are yours
PROCESSES = ("web", "ingest", "evaluator", "capture", "jobs", "cron", "simulator")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=PROCESSES)
    city = parser.add_argument_group("simulator")
    city.add_argument("--households", type=int, default=2000, help="size of the city (default: %(default)s)")
    city.add_argument("--rate", type=float, default=1.0, help="business changes a second (default: %(default)s)")
    city.add_argument("--seed", type=int, default=1, help="same seed, same city (default: %(default)s)")


def main(args: argparse.Namespace, settings: Settings) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    process = importlib.import_module(f"workers.{args.name}").main
    if args.name == "simulator":
        process(settings, stop, args.households, args.rate, args.seed)
    else:
        process(settings, stop)
    return 0
