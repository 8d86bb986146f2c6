"""The keys: made once, private, and refused when they cannot be trusted."""

import stat

import pytest
from cryptography.exceptions import InvalidTag

from sql.settings import Settings
from workers import keys


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.read({"AIDWATCH_HOME": str(tmp_path_factory.mktemp("home"))})


def load(settings: Settings) -> keys.Keys:
    return keys.read_keys(settings.hmac_key_file, settings.vault_key_file, settings.signing_key_file)


def test_keys_are_made_once_private_and_different(settings: Settings) -> None:
    made = keys.ensure(settings)
    assert made == keys.ensure(settings) == load(settings)
    assert len({made.hmac, made.vault, made.signing}) == 3
    assert stat.S_IMODE(settings.vault_key_file.stat().st_mode) == 0o600
    assert made.hmac.hex() not in repr(made)


def test_a_lost_key_is_not_silently_replaced(settings: Settings) -> None:
    keys.ensure(settings)
    settings.hmac_key_file.unlink()
    with pytest.raises(keys.KeyFileError, match="missing"):
        load(settings)


def test_a_key_others_can_read_is_refused(settings: Settings) -> None:
    keys.ensure(settings)
    settings.hmac_key_file.chmod(0o644)
    with pytest.raises(keys.KeyFileError, match="chmod 600"):
        load(settings)


def test_what_is_sealed_opens_with_the_same_key_and_unchanged_only(settings: Settings) -> None:
    made = keys.ensure(settings)
    sealed = made.seal("王建国".encode())
    assert made.unseal(sealed).decode() == "王建国"
    assert made.seal(b"x") != made.seal(b"x")
    with pytest.raises(InvalidTag):
        made.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
