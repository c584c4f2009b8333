"""Files in, files out: what a visitor gives becomes a case, and what is drawn becomes NIfTI.

Whatever is opened passes the guard first; whatever is wrong with it is reported in one sentence.
"""
