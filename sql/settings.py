"""Settings: every environment variable aidwatch reads, in one table that also writes docs/settings.md."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote, urlencode

from sql.setting_kinds import DATABASE, FLAG, INSTANT, PATH, PORT, REDIS, SECRET, TEXT, Kind, SettingsError
from sql.sockets import socket_directory

Role = Literal["owner", "worker", "console"]


@dataclass(frozen=True)
class Setting:
    """One environment variable and what it is for; its field in ``Settings`` is its name without the prefix."""

    name: str
    kind: Kind
    default: str | None
    help: str

    @property
    def field(self) -> str:
        return self.name.removeprefix("AIDWATCH_").lower()

    def read(self, environ: Mapping[str, str]) -> Any:
        text = environ.get(self.name) or self.default
        try:
            return None if text is None else self.kind.parse(text)
        except ValueError:
            shown = "…" if self.kind.secret else text or ""
            raise SettingsError(self.name, shown, self.kind.wanted) from None


TABLE = (
    Setting("AIDWATCH_HOME", PATH, ".aidwatch", "Directory of the embedded servers' data, the keys and the logs."),
    Setting("AIDWATCH_HOST", TEXT, "127.0.0.1", "Address the web process listens on."),
    Setting("AIDWATCH_PORT", PORT, "8050", "Port the web process listens on."),
    Setting("DATABASE_URL", DATABASE, None, "Your PostgreSQL, 15 or newer, instead of the embedded one."),
    Setting("AIDWATCH_OWNER_DATABASE_URL", DATABASE, None, "`DATABASE_URL` for role `aidwatch_owner`, which migrates."),
    Setting("AIDWATCH_WORKER_DATABASE_URL", DATABASE, None, "`DATABASE_URL` for role `aidwatch_worker`."),
    Setting("AIDWATCH_CONSOLE_DATABASE_URL", DATABASE, None, "`DATABASE_URL` for role `aidwatch_console`."),
    Setting("REDIS_URL", REDIS, None, "Your Redis (7.0 or newer) or Valkey instead of the embedded one."),
    Setting("AIDWATCH_HMAC_KEY_FILE", PATH, None, "Key of the pseudonyms. Default: `keys/hmac.key` in the home."),
    Setting("AIDWATCH_VAULT_KEY_FILE", PATH, None, "Key of the vault. Default: `keys/vault.key` in the home."),
    Setting("AIDWATCH_SIGNING_KEY_FILE", PATH, None, "Key that signs evidence packages. Default: `keys/signing.key` in the home."),
    Setting("AIDWATCH_CAPTURE_URL", DATABASE, None, "Business PostgreSQL that `capture` follows; unset: it idles."),
    Setting("AIDWATCH_CAPTURE_MAPPING", TEXT, None, "Mapping file from that database's tables to entities."),
    Setting("AIDWATCH_OIDC_ISSUER", TEXT, None, "Issuer of your OpenID Connect provider; unset: passwords only."),
    Setting("AIDWATCH_OIDC_CLIENT_ID", TEXT, None, "Our client id at the provider."),
    Setting("AIDWATCH_OIDC_CLIENT_SECRET", SECRET, None, "Our client secret at the provider."),
    Setting("AIDWATCH_PUBLIC_URL", TEXT, None, "Address people reach the console at; notifications link to it."),
    Setting("AIDWATCH_TEST", FLAG, "0", "1 marks a test deployment; the status bar says TEST."),
    Setting("AIDWATCH_TEST_CLOCK", INSTANT, None, "Fixes 'now' for judging rules in a test deployment."),
    Setting("AIDWATCH_BOOTSTRAP_TOKEN", SECRET, None, "Token with all scopes; test deployment on loopback only."),
)


@dataclass(frozen=True)
class Settings:
    """What one deployment was told. Read once at start; nothing else looks at the environment."""

    home: Path
    host: str
    port: int
    database_url: str | None
    owner_database_url: str | None
    worker_database_url: str | None
    console_database_url: str | None
    redis_url: str
    hmac_key_file: Path
    vault_key_file: Path
    signing_key_file: Path
    capture_url: str | None
    capture_mapping: str | None
    oidc_issuer: str | None
    oidc_client_id: str | None
    oidc_client_secret: str | None
    public_url: str | None
    test: bool
    test_clock: datetime | None
    bootstrap_token: str | None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Return the settings ``environ`` describes; raise SettingsError for the first that cannot be used."""
        told: dict[str, Any] = {setting.field: setting.read(environ) for setting in TABLE}
        home: Path = told["home"]
        derived = {
            "redis_url": _valkey_url(home),
            "hmac_key_file": home / "keys" / "hmac.key",
            "vault_key_file": home / "keys" / "vault.key",
            "signing_key_file": home / "keys" / "signing.key",
        }
        return cls(**told | {name: value for name, value in derived.items() if told[name] is None})

    @property
    def run_dir(self) -> Path:
        """Directory of the embedded servers' sockets."""
        return _run_dir(self.home)

    @property
    def embeds_postgres(self) -> bool:
        return self.database_url is None

    @property
    def embeds_valkey(self) -> bool:
        return self.redis_url == _valkey_url(self.home)

    @property
    def is_test(self) -> bool:
        return self.test or self.test_clock is not None

    @property
    def is_loopback(self) -> bool:
        return self.host == "localhost" or _is_loopback(self.host)

    @property
    def accepted_bootstrap_token(self) -> str | None:
        """The bootstrap token where it is honoured: a test deployment nobody else can reach."""
        return self.bootstrap_token if self.is_test and self.is_loopback else None

    def database_url_for(self, role: Role) -> str:
        """Return the SQLAlchemy URL for one of our login roles."""
        own = {
            "owner": self.owner_database_url,
            "worker": self.worker_database_url,
            "console": self.console_database_url,
        }
        return own[role] or self.database_url or socket_url(self.run_dir, "aidwatch", f"aidwatch_{role}")


def socket_url(directory: Path, database: str, user: str) -> str:
    """Return the SQLAlchemy URL of a server that listens on a unix socket in ``directory``."""
    return f"postgresql+psycopg://{quote(user)}@/{quote(database)}?{urlencode({'host': directory})}"


def _run_dir(home: Path) -> Path:
    return socket_directory(home / "run")


def _valkey_url(home: Path) -> str:
    return f"unix://{quote(str(_run_dir(home) / 'valkey.sock'))}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


assert {setting.field for setting in TABLE} == {field.name for field in fields(Settings)}
