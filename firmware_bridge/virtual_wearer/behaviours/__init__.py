"""What a virtual person can do besides walking."""
