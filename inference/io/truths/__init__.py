"""An expert's label map: its numbers, their meaning and its place."""
