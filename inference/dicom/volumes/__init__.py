"""From slices to volumes: what belongs together, in which order, and its pixels."""
