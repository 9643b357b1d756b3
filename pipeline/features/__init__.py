"""Features of a stride and of a walk: one file a family, each feature declared once."""
