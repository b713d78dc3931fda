"""What leaves the house as a file for others: the finance workbook today.

Owns: the making of files from frozen records. Never: holds a figure of its own.
"""
