"""Tables of numbers in text files: how they are laid out, and their rows as a stream."""
