"""What follows from the open case and what models found: record, differences, surfaces, export."""
