"""BraTS patients turned into hospital scans, to measure what each step back costs."""
