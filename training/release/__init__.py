"""Trained weights in other forms, and their way to the Hub."""
