"""Passwords: Argon2id, and always one hash of work, whether the account exists or not."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

SHORTEST, LONGEST = 12, 200


def hasher() -> PasswordHasher:
    """Argon2id with the installation's cost."""
    settings = current_app.extensions["settings"]
    return PasswordHasher(time_cost=settings.argon2_rounds, memory_cost=settings.argon2_memory_kib, parallelism=1)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; an unknown account costs the same time and answers False."""
    try:
        return hasher().verify(stored or _decoy(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _decoy() -> str:
    made = current_app.extensions.get("decoy_hash")
    if made is None:
        made = current_app.extensions["decoy_hash"] = hasher().hash("no account has this password")
    return str(made)
