"""DICOM out: what was found, as objects that archives, viewers and planning systems open.

A patient's name and number go from the source into these objects, where an archive files them by,
and nowhere else. Import it only when something is to be written: highdicom takes half a second.
"""
