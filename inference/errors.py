"""The errors a person may see. Their text is one sentence that is shown as it stands."""


class GlioLensError(Exception):
    """Base of every error whose message is written for a person."""


class InputError(GlioLensError):
    """Files that cannot be read as a case: names the file, what is wrong, what would be right."""


class WeightsError(GlioLensError):
    """Weights that are missing, damaged or made for another architecture."""
