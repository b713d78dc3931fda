"""What leaves the house as a file for others: the finance workbook, and reports to the bodies that scrutinise.

Owns: panel reports, and the making of files from frozen records. Hands over: the FinalReport. Never: counts a figure by
a rule of its own.
"""
