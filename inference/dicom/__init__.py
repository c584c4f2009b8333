"""DICOM in: from files of any name to volumes with their place, in the patient's own space.

Headers are read first, pixels only of what is chosen. Nothing of a header that names a person
leaves this room.
"""
