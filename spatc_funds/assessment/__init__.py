"""Who assesses which bid, with what interest, how they score it, and the settled result.

Owns: allocations, interests, assessments, scores. Hands over: the Result. Never: shows one assessor another's scores
before their own are final, and never counts a missing score as zero.
"""
