"""Files on their way onto the desk: dropped, sent, and read to images or a sentence."""
