"""Guided tests: what to do, when, how often, and when to stop. Plain Python, no window."""
