"""Answers on their way to a PACS: by C-STORE or DICOMweb, until they are taken."""
