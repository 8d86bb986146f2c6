"""The command line: each command is a module with ``main(args, settings)`` and perhaps ``arguments(parser)``."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

import psycopg
from sqlalchemy.exc import DBAPIError

from monitors.errors import SupervisionError
from sql.setting_kinds import SettingsError
from sql.settings import Settings

#: command → its module and what it does. A module may set FORMATS, and NEEDS_SERVERS = False.
COMMANDS = {
    "up": ("workers.up", "start the embedded servers and every process of the Procfile"),
    "demo": ("workers.demo", "up, with a simulated city whose business system sends changes"),
    "migrate": ("workers.migrate_cli", "bring the database to this version; make the keys"),
    "ingest": ("workers.ingest_cli", "take events from files"),
    "findings": ("workers.findings_cli", "list findings"),
    "rules": ("workers.rules_cli", "list, check, test, explain and try the supervision rules"),
    "sweep": ("workers.sweep", "ask rules about every subject and write what they answer"),
    "audit": ("workers.audit", "compare the findings with an independent full run; write nothing"),
    "replay": ("workers.replay", "rebuild facts and findings from the ledger"),
    "dead": ("workers.dead_cli", "list and show refused events; send them again or set them aside"),
    "settle": ("workers.settle", "wait until everything accepted so far has been evaluated"),
    "link": ("workers.link_cli", "find records of any table that are probably one"),
    "calendar": ("workers.calendar_cli", "show the working days deadlines are counted in; load a new year"),
    "erase": ("workers.erase", "take the clear values of one person out of the vault"),
    "retain": ("workers.retention", "show, set and apply the periods for which data is kept"),
    "user": ("workers.user_cli", "make, change and disable accounts of people"),
    "token": ("workers.token_cli", "create, list and revoke API tokens"),
    "status": ("workers.status_cli", "show feeds, backlog, last evaluation and drift"),
    "config": ("workers.config_cli", "show every setting and its value"),
    "run": ("workers.run", "run one process of the Procfile in the foreground"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 for done, 1 for a fault or something found, 2 for a wrong call."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in words if not word.startswith("-")), None)
    module = importlib.import_module(COMMANDS[command][0]) if command in COMMANDS else None
    args = _parser(command, module).parse_args(words)
    if module is None:
        raise AssertionError("argparse lets no unknown command pass")
    try:
        return _run(module, args, Settings.read(os.environ))
    except SettingsError as fault:
        return _fault(fault, 2)
    except (SupervisionError, OSError) as fault:
        return _fault(fault, 1)
    except (psycopg.Error, DBAPIError) as error:
        return _fault(_database_fault(error), 1)
    except KeyboardInterrupt:
        return 130


def _run(module: ModuleType, args: argparse.Namespace, settings: Settings) -> int:
    if not getattr(module, "NEEDS_SERVERS", True):
        return int(module.main(args, settings))
    from workers.embedded.servers import running

    with running(settings):
        return int(module.main(args, settings))


def _parser(command: str | None, module: ModuleType | None) -> argparse.ArgumentParser:
    """Build the parser of the command called; the others stay names, so that no other module is imported."""
    parser = argparse.ArgumentParser(prog="aidwatch", description="Real-time supervision of social assistance.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, purpose) in COMMANDS.items():
        chosen = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        if name == command and module is not None:
            getattr(module, "arguments", lambda _: None)(chosen)
            formats = getattr(module, "FORMATS", ("table", "json"))
            chosen.add_argument("--format", choices=formats, default=formats[0])
            _accept_format_last(chosen, formats)
    return parser


def _accept_format_last(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Take --format after an action too (`token create --format json`), where people write it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for chosen in action.choices.values():
                chosen.add_argument("--format", choices=formats, default=argparse.SUPPRESS)


def _database_fault(error: Exception) -> Exception:
    """Return what to say of a database that is away or not migrated; raise anything else, it is a fault of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
        return SupervisionError("this database is not at this version: run `aidwatch migrate`")
    if isinstance(cause, psycopg.OperationalError):
        return cause
    raise error


def _fault(fault: Exception, status: int) -> int:
    print(f"aidwatch: {fault}", file=sys.stderr)
    return status
