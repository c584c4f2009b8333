"""Many cases in one run: what was done is on the disk, and a run goes on where it stopped."""
