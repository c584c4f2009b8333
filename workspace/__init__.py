"""What the pages share: the open case, the loaded models, the running and finished work.

The room between the pages, which only lay out widgets, and ``inference``, which knows no screen.
"""
