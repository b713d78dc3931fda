"""An application from its first click to the frozen copy as it was sent.

Owns: applications (theirs, while a draft) and everything typed in them. Hands over: the Submission, frozen and hashed.
Never: scores anything, and never changes a submission.
"""
