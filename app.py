"""Settings meet the application, here only: ``flask --app app …`` and ``gunicorn app:app``."""

import sys

from config import SettingError, read_settings
from spatc_funds import create_app

try:
    settings = read_settings()
except SettingError as error:
    sys.exit(f"The service does not start: {error}")
app = create_app(settings)
