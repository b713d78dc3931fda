"""Files that leave or enter the house: one way to write a spreadsheet's cell, to save a workbook, to take a picture.

Owns no table. Never: fetches anything, and never lets data become a formula.
"""
