"""The secrets of a deployment: the key of the pseudonyms, the key of the vault, and the key that signs evidence."""

import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from monitors.errors import SupervisionError
from sql.settings import Settings

_BYTES = 32
_NONCE = 12


class KeyFileError(SupervisionError):
    """A key file that is missing or cannot be trusted."""


@dataclass(frozen=True)
class Keys:
    """32 random bytes each. Losing ``hmac`` parts new events from old; losing ``vault`` loses every clear value;
    losing ``signing`` (the seed of an Ed25519 key, RFC 8032) means a new public key from then on.
    """

    hmac: bytes = field(repr=False)
    vault: bytes = field(repr=False)
    signing: bytes = field(default=b"", repr=False)  # only who signs needs it

    def seal(self, clear: bytes) -> bytes:
        """Return ``clear`` encrypted and authenticated with the vault's key (AES-256-GCM), its nonce in front."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, clear, None)

    def unseal(self, sealed: bytes) -> bytes:
        """Return what was sealed; raises cryptography's InvalidTag when it was changed or sealed with another key."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes that only this deployment has, for one purpose (HMAC-SHA-256 of its name)."""
        return hmac.digest(self.vault, f"derived: {purpose}".encode(), "sha256")

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of ``message``; ValueError without a signing key."""
        return self._signer.sign(message)

    @property
    def public_key(self) -> bytes:
        """Return the key signatures are checked with, as PEM (SubjectPublicKeyInfo, RFC 8410)."""
        return self._signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @cached_property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.vault)


def read_keys(hmac_file: Path, vault_file: Path, signing_file: Path) -> Keys:
    """Return the keys; raise KeyFileError when one is missing, open to others or of a wrong length."""
    return Keys(hmac=_read(hmac_file), vault=_read(vault_file), signing=_read(signing_file))


def ensure(settings: Settings) -> Keys:
    """Make the keys that are missing, then return them all."""
    files = (settings.hmac_key_file, settings.vault_key_file, settings.signing_key_file)
    for path in files:
        if not path.exists():
            _make(path)
    return read_keys(*files)


def _make(path: Path) -> None:
    """Write the whole key under another name first: two processes may start at once, and one may die."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # refuses to replace a key that another process made meanwhile
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _read(path: Path) -> bytes:
    try:
        mode, key = stat.S_IMODE(path.stat().st_mode), path.read_bytes()
    except FileNotFoundError:
        raise KeyFileError(f"{path} is missing: `aidwatch migrate` makes it, once; a lost key is lost") from None
    if mode & 0o077:
        raise KeyFileError(f"{path} can be read by others: chmod 600 {path}")
    if len(key) != _BYTES:
        raise KeyFileError(f"{path} holds {len(key)} bytes, a key has {_BYTES}")
    return key
