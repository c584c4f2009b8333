"""How what was drawn is described: codes, colours, places, contours."""
