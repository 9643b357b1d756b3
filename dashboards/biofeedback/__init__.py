"""Biofeedback: what a walker hears and sees while walking, decided without a screen."""
