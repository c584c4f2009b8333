"""A picture, or a stack of them, read slice by slice by a model of choice."""
