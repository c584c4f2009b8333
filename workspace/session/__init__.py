"""One visitor's session: arriving, the widgets' state, temporary files, leaving."""
