"""What the names of files say, and what errors say of files."""
