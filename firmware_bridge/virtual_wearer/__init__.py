"""A simulated person who walks with any gait we choose and feels what real sensors would feel.

Shares no line with ``pipeline``, which it is there to judge.
"""
