"""How gunicorn serves the application: two processes of four threads, the collector frozen after start."""

import gc
from typing import Any

workers = 2
worker_class = "gthread"
threads = 4
preload_app = True  # imported once; the processes share it
control_socket_disable = True
accesslog = None
loglevel = "warning"


def pre_fork(_server: Any, _worker: Any) -> None:
    """What is loaded stays: the collector need not walk it at every round."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def when_ready(server: Any) -> None:
    """Say where the pages are."""
    address = server.address[0]
    print(f"\nServing on http://{address[0]}:{address[1]}  (Ctrl-C ends it)", flush=True)  # noqa: T201 # for whoever started it  # for the terminal
