"""What the window shows, as plain Python: no Qt in here, and nothing that draws."""
