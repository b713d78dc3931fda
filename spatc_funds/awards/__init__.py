"""From recommendation to a signed award with its schedule and frozen tags.

Owns: recommendations, decisions, awards (decided here or imported), instalments and expected returns. Hands over: the
Award. Never: pays, and never counts a return.
"""
