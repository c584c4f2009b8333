"""Changes of whole scans, as they come about where a scan is made and prepared."""
