"""What the figures of docs/speed.md come from."""
