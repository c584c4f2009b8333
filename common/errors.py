"""The error a person may see for what they gave; its text is shown as it stands."""


class InputError(Exception):
    """Files that cannot be read as a case: names the file, what is wrong, what would be right."""
