"""Features: what is measured on a stride and on a walk, one family a file.

``registry`` collects the declarations and computes the values of a stride; ``catalogue``
writes them out for people (docs/features.md).
"""
