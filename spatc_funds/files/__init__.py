"""Files that leave or enter the house: one way to write a spreadsheet's cell, one way to save a workbook.

Owns no table. Never: fetches anything, and never lets data become a formula.
"""
