"""Whose an object is, who made it, and the UIDs it has."""
