"""A real server process on the run's database, started and ended by its own process number."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from tests.databases import ENVIRON, Database

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START, SECONDS_TO_END = 60, 20


class Site:
    """The service as people meet it: gunicorn with the house's own configuration, on a free port of 127.0.0.1."""

    def __init__(self, database: Database) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.output = database.folder / "server.txt"
        environ = os.environ | ENVIRON
        environ |= {
            "DATABASE_URL": database.address,
            "SPATC_INSTANCE": str(database.folder),
            "TRUSTED_HOSTS": "127.0.0.1",
            "PUBLIC_ADDRESS": self.address,
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "spatc_funds/cli/serve.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", "app:app"]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)

    def wait(self) -> None:
        """Wait until it answers as healthy."""
        last = time.monotonic() + SECONDS_TO_START
        while not self._healthy():
            if self.process.poll() is not None or time.monotonic() > last:
                self.end()
                raise RuntimeError(f"the server did not start:\n{self.said()}")
            time.sleep(0.1)

    def kill_workers(self) -> None:
        """Kill every process that answers, with no time to tidy up; gunicorn's master starts others."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        for child in children.split():
            os.kill(int(child), signal.SIGKILL)

    def end(self) -> None:
        """End the process that was started here, and no other."""
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self) -> str:
        """What the server wrote."""
        return self.output.read_text(errors="replace")

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
