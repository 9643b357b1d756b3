"""Which column of a foreign table is what: guessed, shown, stored, or given by hand."""
