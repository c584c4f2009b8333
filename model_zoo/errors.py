"""The error of weights that cannot be used; importable without torch."""


class WeightsError(Exception):
    """Weights that are missing, damaged or of another model; the text is shown as it stands."""


class DamagedWeightsError(WeightsError):
    """Weights whose checksum is not the one their configuration promises."""
