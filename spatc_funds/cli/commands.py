"""Every ``flask --app app …`` command."""

from flask import Flask


def register(app: Flask) -> None:
    """Hang the commands on the application."""
