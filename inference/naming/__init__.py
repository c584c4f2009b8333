"""What the words of a name say of an image, for files and for series of a scanner alike."""
