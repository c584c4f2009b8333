"""To and from a picture archive (PACS): a listener that answers studies, DICOMweb, and sending.

Nothing here knows of networks: what answers a study is given to the listener as a function.
"""
