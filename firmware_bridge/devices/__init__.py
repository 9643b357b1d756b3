"""Device families: one file each, bytes to samples."""
