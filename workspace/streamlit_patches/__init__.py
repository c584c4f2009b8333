"""What the pinned Streamlit loses of a visitor's, mended in its own classes; read on an upgrade."""
