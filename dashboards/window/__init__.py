"""The window: what is seen, and the keys that work it. Only this folder imports Qt."""
