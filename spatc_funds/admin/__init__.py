"""The officers' panel, put together: one Flask-Admin, its menu in the order of the rooms, and the log's own pages.

Owns no table. Each room brings its ``panel.py`` with a ``CATEGORY`` and ``views()``; this room only puts them in one
frame. Never: decides who may do what (``policy`` does) and never writes.
"""
