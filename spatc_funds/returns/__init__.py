"""What grantees report: started when due is looked up, sent, sent back, accepted and frozen.

Owns: monitoring returns and their values. Hands over: the AcceptedReturn. Never: adds numbers across projects.
"""
