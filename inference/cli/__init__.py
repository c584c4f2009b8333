"""The command line of ``python -m inference``: its options, its run over cases, its output."""
