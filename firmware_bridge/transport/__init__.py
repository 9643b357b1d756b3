"""Ways to reach sensors: a real radio, a recorded one, a simulated one. All look the same."""
