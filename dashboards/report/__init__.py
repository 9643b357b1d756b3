"""The report: one page to read, to print and to take along, without scripts or network.

``content`` gathers what is said, in words and rows; ``figures`` draws; ``page`` and
``markdown`` lay it out; ``pdf`` prints it with a browser that is installed.
"""
