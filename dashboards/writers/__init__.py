"""The files in which results leave hipgait: one file a format. docs/results.md explains them."""
