"""Organisations, people, what each is to the other, and signing in.

Owns: organisations, people, staff roles, memberships, sign-in attempts. Hands over: the person behind a session.
Never: knows funds or bids; who is barred from a bid is loaded by the application (``create_app`` registers the loader).
"""
