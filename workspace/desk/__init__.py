"""The desk: what a visitor drops lies on it, recognised and correctable, until it is opened."""
