"""The brain in a head: found in each sequence, then one mask of all."""
