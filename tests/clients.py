"""A person at a served site without a browser: one connection that is kept, cookies, and a form's token."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from spatc_funds.cli.demo import PASSWORD
from tests.builders import TOKEN

SECONDS = 120


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        """The page's text."""
        return self.body.decode(errors="replace")


class Client:
    """One person's connection. Raises OSError or HTTPException when the server goes away."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.connection = HTTPConnection(self.host, timeout=SECONDS)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> Reply:
        """Open a page; a token on it is kept for the next form."""
        reply = self._ask("GET", path, None)
        found = TOKEN.search(reply.text)
        self.token = found[1] if found else self.token
        return reply

    def post(self, path: str, data: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Send a form with the last token that was seen: a token is the session's, not the page's."""
        return self._ask("POST", path, urlencode({**(data or {}), "csrf_token": self.token}, doseq=True), headers)

    def sign_in(self, email: str) -> Self:
        """Sign in by the page."""
        self.get("/sign-in")
        reply = self.post("/sign-in", {"email": email, "password": PASSWORD})
        assert reply.status == 303, (email, reply.status, reply.text)
        self.get("/help-and-support")
        self.close()  # the server lets go of a connection that says nothing for two seconds; it is opened again
        return self

    def again(self) -> "Client":
        """The same session on a connection of its own."""
        other = Client(f"//{self.host}")
        other.cookies, other.token = dict(self.cookies), self.token
        return other

    def close(self) -> None:
        """Let the connection go."""
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None, more: Mapping[str, str] | None = None) -> Reply:
        headers = {**(more or {}), "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if answer.headers.get("Connection", "").lower() == "close":
            self.connection.close()
        return Reply(answer.status, answer.headers.get("Location", ""), content)
