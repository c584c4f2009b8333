"""Files of volumes, one at a time: checked before they are opened, then read."""
