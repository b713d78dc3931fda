"""The plan as versioned data: priorities, themes, cross-cutting themes, outcomes, indicators, measures, support.

Owns: plan versions and everything named in them, and how one translates into the next; what is published of their
indicators; measures and how their numbers may be added. Never: knows a project.
"""
