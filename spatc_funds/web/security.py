"""Headers on every answer, one choke point for characters that no text may hold, cookies that stay at home."""

from flask import Flask, Response, abort, request

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
SANDBOXED = f"{POLICY}; sandbox"  # of what people have sent: nothing in it runs, wherever it is opened
UNCONNECTED = POLICY.replace("connect-src 'self'", "connect-src 'none'")  # a page whose script has nothing to tell
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def register(app: Flask) -> None:
    """Hang headers and the choke point on the application."""

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    @app.before_request
    def refuse_nul() -> None:
        """PostgreSQL refuses NUL in text with an error; nobody types one."""
        values = [request.path, *request.args.values(), *request.form.values()]
        if any("\0" in value for value in values):
            abort(400)
