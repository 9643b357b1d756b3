"""The stages of the engine, one file each.

A stage knows its input and its state and nothing of its neighbours. Every stage gives the
same output for the same stream, however the stream is cut into pieces.
"""
