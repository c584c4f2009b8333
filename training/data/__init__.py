"""What is learned from: patients, their slices, and batches of them changed at random."""
