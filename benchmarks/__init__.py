"""Speed, measured by one command: ``python -m benchmarks`` (``make bench``).

A benchmark is a file ``bench_<name>.py`` of this folder with a function ``run()`` that yields
`Figure` objects; the file's docstring says what is measured. Nothing else needs to know of it.
"""
