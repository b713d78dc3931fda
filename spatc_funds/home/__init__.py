"""Start pages, and every page that shows several stages of one bid together.

Owns: where a bid stands in its journey. Never: writes.
"""
