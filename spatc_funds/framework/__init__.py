"""The plan as versioned data: priorities, themes, cross-cutting themes, outcomes, indicators, measures, support.

Owns: plan versions and everything named in them; measures and how their numbers may be added. Never: knows a project.
"""
