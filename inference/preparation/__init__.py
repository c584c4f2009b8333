"""From the series of an examination to a case as the networks know it, and back.

Alignment, brain mask and resampling each leave what they did, so that the answer returns onto the
grid of every series by the same motions, inverted.
"""
