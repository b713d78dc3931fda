"""Letters to organisations, as written and as they will always read.

Owns: letters. Never: decides anything; the room that acts says what the letter tells.
"""
