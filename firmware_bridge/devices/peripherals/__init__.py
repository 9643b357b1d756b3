"""The other end of the radio: what a sensor of each family does with samples and writes.

The virtual wearer, the fake Bluetooth stack of the tests and the tests of the decoders
speak through these models, so that all of them meet the decoders with real bytes.
"""
