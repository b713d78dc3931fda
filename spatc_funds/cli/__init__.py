"""Commands: what is done at a terminal, each a thin door to a room's operations.

Owns: the demo world's script. Never: writes but through operations.
"""
