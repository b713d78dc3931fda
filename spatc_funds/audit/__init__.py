"""The log: every change leaves its entry in the same transaction, chained, and the database refuses to alter it.

Owns: log entries, the changes in each, their shreddable values, the head of the chain, the access log of who looked.
Never: asks who may do what, and never imports a room.
"""
