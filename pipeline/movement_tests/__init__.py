"""Movement tests: what a person shows on the spot, each test one file that answers one task.

Nothing is imported here, so that the results may name a test without loading all of them.
"""
