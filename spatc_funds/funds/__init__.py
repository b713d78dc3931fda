"""Funds, their rounds and pots, and what each round asks: eligibility, questions, criteria.

Owns: fund, round, pot, eligibility question, question, criterion, anchor, funding source. Never: knows an applicant.
"""
