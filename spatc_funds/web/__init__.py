"""What every page needs: guards, forms and fields, errors, formatters, security headers, and the panel's base views.

Owns no table. Never: knows what a bid or an award is.
"""
