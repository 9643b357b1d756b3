"""Hip-origin patterns: signs that are seen together, put together, and how sure that is.

One declarative file a pattern or a family of confounders; ``registry`` collects them,
``scoring`` and ``assessment`` are the engine, which knows none of them.
"""
