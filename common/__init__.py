"""What every other folder may import: errors, the vocabulary, label maps and planes."""
