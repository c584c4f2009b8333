"""What pages are made of: the frame around them, tables, colours, empty states."""
