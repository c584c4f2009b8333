"""What the benchmark page shows: scores, charts, pictures of cases, and the later models."""
