"""Trainings that answer a question about the recipe or about how it is scored."""
