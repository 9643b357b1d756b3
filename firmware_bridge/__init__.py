"""firmware_bridge: from a sensor's radio to samples on one clock, and the virtual wearer."""
