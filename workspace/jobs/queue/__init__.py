"""The queue of the server: who asked for what, whose turn it is, what is kept."""
