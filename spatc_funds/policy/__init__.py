"""The law as data: who may do what to which thing, and which moves a thing can make.

Owns: verbs, roles, permissions, states, workflows. Pure: knows no Flask, no database, no clock. It never looks anything
up: whoever asks brings the actor and the subject.
"""
