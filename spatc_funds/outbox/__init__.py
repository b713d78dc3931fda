"""Mail as rows, written in the same transaction as what it tells of, claimed and sent by a worker.

Owns: outbox messages. Recipients are text: this room knows no people. Never: sends inside a request.
"""
