"""The error of weights that cannot be used; importable without torch."""


class WeightsError(Exception):
    """Weights that are missing, damaged or of another model; the text is shown as it stands."""


class UnsupportedFormError(WeightsError):
    """Weights in a form that nothing here can calculate on this processor."""


class DamagedWeightsError(WeightsError):
    """Weights whose checksum is not the one their configuration promises."""
