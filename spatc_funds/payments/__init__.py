"""Each instalment paid once, when its gates are met: requested by one person, approved by another, paid.

Owns: met conditions and payments. Hands over: the Payment. Never: changes an award or its schedule.
"""
