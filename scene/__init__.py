"""Surfaces of the brain and of what was drawn in it, and the 3D figure of them; no Streamlit."""
