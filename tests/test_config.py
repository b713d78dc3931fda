"""Production refuses to start on a bad setting, and names it."""

from pathlib import Path

import pytest

from config import SettingError, read_settings

GOOD = {
    "SPATC_ENVIRONMENT": "production",
    "SECRET_KEY": "Vh2pQ9xLw7cRt4mZk8sDf3gJb6nYa1eU",
    "DATABASE_URL": "postgresql://somebody@127.0.0.1/funds",
    "TRUSTED_HOSTS": "funding.example.org",
    "PUBLIC_ADDRESS": "https://funding.example.org",
    "CONTACT_EMAIL": "funding@example.org",
    "MAIL_FROM": "funding@example.org",
    "MAIL_HOST": "127.0.0.1",
}


def test_good_settings_start() -> None:
    settings = read_settings(GOOD)
    assert settings.production
    assert settings.secure_cookies
    assert settings.database_url == "postgresql+psycopg://somebody@127.0.0.1/funds"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is missing"),
        ("SECRET_KEY", "short", "SECRET_KEY is missing or shorter"),
        ("SECRET_KEY", "a" * 40, "SECRET_KEY repeats"),
        ("DATABASE_URL", "", "DATABASE_URL is missing"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL names neither"),
        ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL is in memory"),
        ("TRUSTED_HOSTS", "", "TRUSTED_HOSTS is missing"),
        ("TRUSTED_HOSTS", "funding.example.org,*", "TRUSTED_HOSTS holds"),
        ("PUBLIC_ADDRESS", "http://funding.example.org", "PUBLIC_ADDRESS has to begin"),
        ("PUBLIC_ADDRESS", "https://elsewhere.example.org", "PUBLIC_ADDRESS has to be one"),
        ("CONTACT_EMAIL", "", "CONTACT_EMAIL"),
        ("MAIL_FROM", "", "MAIL_FROM"),
        ("MAIL_HOST", "", "MAIL_HOST"),
        ("MAIL_PORT", "smtp", "MAIL_PORT"),
        ("MAIL_SECURITY", "some", "MAIL_SECURITY"),
        ("ARGON2_MEMORY_KIB", "8", "ARGON2_MEMORY_KIB"),
        ("ARGON2_ROUNDS", "1", "ARGON2_ROUNDS"),
        ("SPATC_ENVIRONMENT", "staging", "SPATC_ENVIRONMENT"),
    ],
)
def test_a_bad_setting_refuses_and_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        read_settings(GOOD | {name: value})


def test_a_mail_password_is_not_sent_in_the_clear() -> None:
    with pytest.raises(SettingError, match="MAIL_PASSWORD"):
        read_settings(GOOD | {"MAIL_SECURITY": "none", "MAIL_USER": "somebody", "MAIL_PASSWORD": "secret"})


def test_nothing_set_is_production_and_refused() -> None:
    with pytest.raises(SettingError):
        read_settings({})


def test_outside_production_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    environ = {"SPATC_ENVIRONMENT": "demo", "SPATC_INSTANCE": str(tmp_path)}
    first, second = read_settings(environ), read_settings(environ)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
