"""The one place where the rooms' pages become one panel."""

from collections.abc import Sequence
from types import ModuleType

from flask import Flask
from flask_admin.base import Admin
from flask_admin.theme import Theme

from spatc_funds.web.panel import Gate


def build_panel(app: Flask, rooms: Sequence[ModuleType], index_view: Gate) -> Admin:
    """The panel with every view of these ``panel`` modules, each in its room's category.

    Raises TypeError for a view that is not behind the Gate. The theme's folder does not exist: no page of Flask-Admin's
    own can be found, so none is shown by mistake.
    """
    theme = Theme(folder="none", base_template="layouts/panel.html")
    admin = Admin(app, name="Officers' panel", theme=theme, index_view=index_view)
    for room in rooms:
        admin.add_category(room.CATEGORY)
        for view in room.views():
            if not isinstance(view, Gate):
                message = f"{type(view).__name__} of {room.__name__} is not behind the Gate"
                raise TypeError(message)
            view.category = view.category or room.CATEGORY
            admin.add_view(view)
    return admin
