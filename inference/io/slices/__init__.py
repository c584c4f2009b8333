"""Slices as pictures, pages or arrays, and the volume they make up."""
