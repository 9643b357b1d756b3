"""Calibration: how each sensor sits on its segment, from quiet standing and walking."""
