"""One training run: a network, its steps, and the weights it leaves."""
