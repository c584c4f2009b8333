"""Reading, segmenting, measuring and writing one case; no part of it knows of a screen."""
