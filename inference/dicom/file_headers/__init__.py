"""What the headers of files say, made safe: acquisition, place, text without names."""
