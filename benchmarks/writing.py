"""Many applicants who write at the same time: each one's words are saved every few seconds, as by the page's script."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from tests.clients import Client
from tests.journeys.serving import Site

JSON = {"Accept": "application/json"}
AT_ONCE = 40  # connections in use at a moment; far more than are ever waiting


@dataclass
class Typed:
    """How it went: milliseconds of each save, and what was wrong."""

    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


def writing(site: Site, drafts: dict[str, str], question: str, *, every: float, seconds: float) -> Typed:
    """Each of the drafts' leads (e-mail → reference) saves so often for so many seconds."""
    with ThreadPoolExecutor(4) as pool:
        clients = list(pool.map(lambda email: Client(site.address).sign_in(email), drafts))
    paths = [f"/applications/{reference}/questions/{question}" for reference in drafts.values()]
    found, began = Typed(), time.perf_counter()
    rounds = int(seconds / every)
    due = [
        (began + number * every + every * place / len(clients), place, number)
        for number in range(rounds)
        for place in range(len(clients))
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for moment, place, number in due:
            time.sleep(max(0.0, moment - time.perf_counter()))
            pool.submit(_save, clients[place], paths[place], {f"q-{question}": f"Words, the {number}th."}, found)
    return found


def _save(client: Client, path: str, data: dict[str, str], found: Typed) -> None:
    began = time.perf_counter()
    try:
        reply = client.post(path, data, JSON)
        wrong = "" if reply.status == 200 else f"{reply.status} {reply.text[:200]}"
    except OSError as error:
        wrong = repr(error)
    finally:
        client.close()
    took = (time.perf_counter() - began) * 1000
    with found.lock:
        found.times.append(took)
        found.wrong += [wrong] if wrong else []
