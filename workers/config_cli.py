"""``aidwatch config``: every setting, its value and what it is for."""

import argparse
import json

from sql.settings import TABLE, Setting, Settings

NEEDS_SERVERS = False


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="print docs/settings.md")


def main(args: argparse.Namespace, settings: Settings) -> int:
    if args.markdown:
        print(markdown(), end="")
    elif args.format == "json":
        print(json.dumps({setting.name: _shown(setting, settings) for setting in TABLE}, ensure_ascii=False))
    else:
        for setting in TABLE:
            print(f"{setting.name:30} {_shown(setting, settings) or '-':40} {setting.help}")
    return 0


def markdown() -> str:
    """Return the page docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Environment variables; `aidwatch config` shows their values. Written from `sql/settings.py`.",
        "",
    ]
    lines += ["| variable | default | what it does |", "|---|---|---|"]
    lines += [f"| `{each.name}` | {f'`{each.default}`' if each.default else '–'} | {each.help} |" for each in TABLE]
    return "\n".join([*lines, ""])


def _shown(setting: Setting, settings: Settings) -> str | None:
    value = getattr(settings, setting.field)
    return "(set)" if setting.kind.secret and value is not None else None if value is None else str(value)
