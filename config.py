"""Settings, read once from the environment.

A default is safe in production and fit to be public, or it is no default.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PRODUCTION, DEMO, TEST = "production", "demo", "test"
SHORTEST_KEY = 32
HERE = Path(__file__).resolve().parent


class SettingError(Exception):
    """A setting with which the service must not start; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to another."""

    environment: str
    secret_key: str
    database_url: str
    instance: Path
    trusted_hosts: tuple[str, ...]
    public_address: str
    secure_cookies: bool
    authority_name: str
    service_name: str
    contact_email: str
    mail_host: str
    mail_port: int
    mail_from: str
    mail_security: str
    mail_user: str
    mail_password: str
    argon2_memory_kib: int
    argon2_rounds: int
    largest_body_bytes: int = 2 * 1024 * 1024
    staff_idle_minutes: int = 30

    @property
    def production(self) -> bool:
        """Whether real people's data may be inside."""
        return self.environment == PRODUCTION


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables; raises SettingError naming the first that is wrong."""
    environment = environ.get("SPATC_ENVIRONMENT", PRODUCTION)
    if environment not in {PRODUCTION, DEMO, TEST}:
        message = f"SPATC_ENVIRONMENT is “{environment}”: it has to be production, demo or test"
        raise SettingError(message)
    production = environment == PRODUCTION
    instance = Path(environ.get("SPATC_INSTANCE", HERE / "instance")).resolve()
    settings = Settings(
        environment=environment,
        secret_key=environ.get("SECRET_KEY", "") if production else environ.get("SECRET_KEY") or _own_key(instance),
        database_url=_driver(
            environ.get("DATABASE_URL", "" if production else f"sqlite:///{instance / 'spatc_funds.db'}")
        ),
        instance=instance,
        trusted_hosts=_list(environ.get("TRUSTED_HOSTS", "" if production else "127.0.0.1,localhost")),
        public_address=environ.get(
            "PUBLIC_ADDRESS", "" if production else f"http://127.0.0.1:{environ.get('PORT', '8000')}"
        ),
        secure_cookies=production,
        authority_name=environ.get("AUTHORITY_NAME", "West Yorkshire Combined Authority"),
        service_name=environ.get("SERVICE_NAME", "Safer communities funding"),
        contact_email=environ.get("CONTACT_EMAIL", "" if production else "funding@example.org"),
        mail_host=environ.get("MAIL_HOST", ""),
        mail_port=_number("MAIL_PORT", environ.get("MAIL_PORT", "25"), 1, 65535),
        mail_security=environ.get("MAIL_SECURITY", "starttls" if production else "none"),
        mail_user=environ.get("MAIL_USER", ""),
        mail_password=environ.get("MAIL_PASSWORD", ""),
        mail_from=environ.get("MAIL_FROM", "" if production else "funding@example.org"),
        argon2_memory_kib=_number("ARGON2_MEMORY_KIB", environ.get("ARGON2_MEMORY_KIB", "19456"), 8, 4_194_304),
        argon2_rounds=_number("ARGON2_ROUNDS", environ.get("ARGON2_ROUNDS", "2"), 1, 100),
    )
    if production:
        _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings) -> None:
    """Raise SettingError for the first setting with which production would not be safe."""
    address = urlsplit(settings.public_address)
    faults = {
        "SECRET_KEY is missing or shorter than 32 characters": len(settings.secret_key) < SHORTEST_KEY,
        "SECRET_KEY repeats one character": len(set(settings.secret_key)) < 8,  # a real key has far more
        "DATABASE_URL is missing": not settings.database_url,
        "DATABASE_URL names neither postgresql nor sqlite": not settings.database_url.startswith(
            ("postgresql+psycopg://", "sqlite:///")
        ),
        "DATABASE_URL is in memory: everything would be lost": settings.database_url
        in {"sqlite://", "sqlite:///", "sqlite:///:memory:"},
        "TRUSTED_HOSTS is missing": not settings.trusted_hosts,
        "TRUSTED_HOSTS holds * : every forged Host would be believed": any(
            "*" in host for host in settings.trusted_hosts
        ),
        "PUBLIC_ADDRESS has to begin with https://": address.scheme != "https",
        "PUBLIC_ADDRESS has to be one of TRUSTED_HOSTS": (address.hostname or "") not in settings.trusted_hosts,
        "CONTACT_EMAIL is missing": "@" not in settings.contact_email,
        "MAIL_FROM is missing": "@" not in settings.mail_from,
        "MAIL_HOST is missing": not settings.mail_host,
        "MAIL_SECURITY has to be starttls, tls or none": settings.mail_security not in {"starttls", "tls", "none"},
        "MAIL_PASSWORD would be sent in the clear": bool(settings.mail_password) and settings.mail_security == "none",
        "ARGON2_MEMORY_KIB is below 19456": settings.argon2_memory_kib < 19456,  # OWASP's floor
        "ARGON2_ROUNDS is below 2": settings.argon2_rounds < 2,  # OWASP's floor
    }
    for fault, found in faults.items():
        if found:
            raise SettingError(fault)


def _driver(address: str) -> str:
    """PostgreSQL is always spoken to by psycopg 3, however the address was written."""
    for prefix in ("postgres://", "postgresql://"):
        if address.startswith(prefix):
            return "postgresql+psycopg://" + address.removeprefix(prefix)
    return address


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(name: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        message = f"{name} is “{text}”: it has to be a whole number from {least} to {most}"
        raise SettingError(message)
    return int(text)


def _own_key(instance: Path) -> str:
    """Outside production, a key of this installation's own, made once and kept in the instance folder."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()
