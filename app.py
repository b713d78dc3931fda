"""Settings meet the application, here only: ``flask --app app …`` and ``gunicorn app:app``."""

from config import read_settings
from spatc_funds import create_app

app = create_app(read_settings())
