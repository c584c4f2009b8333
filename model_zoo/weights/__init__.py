"""A model's weights: found on the Hub or in the repository, verified, loaded, and written."""
