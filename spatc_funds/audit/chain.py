"""How an entry is hashed (pure): SHA-256 over canonical JSON, each entry naming the hash before it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


def canonical(value: object) -> str:
    """One text for one value: sorted keys, no blanks, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: object) -> str:
    """SHA-256 of the canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def values_digest(salt: str, values: Mapping[str, Any]) -> str:
    """The digest of one change's values; the salt goes when the values go, so that none can be guessed back."""
    return digest([salt, values])


def changes_digest(changes: Sequence[tuple[str, str, str, str]]) -> str:
    """The digest of an entry's changes, each (table, row, verb, digest), in the order they were written."""
    return digest([list(change) for change in changes])


def entry_hash(
    *,
    number: int,
    at: datetime,
    actor_id: int | None,
    action: str,
    subject: str,
    reason: str,
    changes: str,
    previous: str,
) -> str:
    """The hash of one entry."""
    return digest([number, at.astimezone(UTC).isoformat(), actor_id, action, subject, reason, changes, previous])
