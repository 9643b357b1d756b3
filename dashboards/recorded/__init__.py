"""How a recorded walk gets to the screen: read and analysed in a process of its own, kept."""
