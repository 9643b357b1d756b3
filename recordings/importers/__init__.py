"""Importers: one file a foreign format.

A module of this package calls `registry.register` with its `Importer`; to add a format is
to add a file. Formats are recognised by what is in the files, not by their names alone.
"""
