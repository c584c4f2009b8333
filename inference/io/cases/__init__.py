"""Which files make up which case."""
