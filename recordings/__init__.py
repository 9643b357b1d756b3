"""recordings: what a session is, and how it is read and written.

The bottom room of the house: it imports none of the others.
"""
