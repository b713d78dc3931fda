"""Letters to organisations, and messages both ways, as written and as they will always read.

Owns: letters and messages. Never: decides anything; the room that acts says what the letter tells.
"""
