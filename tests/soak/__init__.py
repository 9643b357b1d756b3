"""Hours of radio trouble in minutes, and what a recording makes of it.

``python -m tests.soak --minutes 30`` runs ``hipgait record`` in a process of its own against
the fake Bluetooth service while a virtual wearer walks and everything goes wrong that radios
know, one fault after the other. Then the session on disk is held against what the sensors
really took: every row must be a sample that was delivered, every delivered sample a row, in
order, once, and every loss counted; and its analysis must find the strides that the analysis
of an undisturbed recording finds.
"""

from tests.soak.run import soak

__all__ = ["soak"]
