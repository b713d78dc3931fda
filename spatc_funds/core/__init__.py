"""Plain values that every room shares: money, moments, places, references, words.

Pure: knows no Flask and no database.
"""
