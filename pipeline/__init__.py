"""pipeline: from samples to gait events, strides, features and findings.

No files, no sockets, no window: it computes.
"""
