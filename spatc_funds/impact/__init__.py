"""The roll-up: what was funded and achieved, in the words of the plan, each figure with the list it is made of.

Owns: the arithmetic of rolling up (pure) and its pages. Never: stores a total that could differ from its leaves.
"""
