"""A fake Linux Bluetooth service that unmodified bleak talks to.

`private_bus` starts a D-Bus daemon of its own; `service` is ``org.bluez`` on it;
`station` is one simulated sensor in its reach, with all that can go wrong with it;
`host` runs the service on a thread of the test's process.
"""
