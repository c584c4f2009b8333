"""What has to be known of a drawing before its figures are relied on."""

from collections.abc import Iterable

from inference.network.postprocess import RULE


def core_remark(titles: Iterable[str]) -> str | None:
    """The remark where a core's size is an estimate; None where there is none such.

    Args:
        titles: Of the models, or the consensus, that drew it so.
    """
    named = list(titles)
    if not named:
        return None
    enhances, core = (f"{100 * share:.0f} %" for share in (RULE.hardly_enhancing, RULE.core_share))
    return (
        f"{', '.join(named)}: hardly any of this tumour enhances (less than {enhances}), which the "
        f"models learned little of. The core drawn is the {core} of the tumour where they hold it "
        "likeliest: take its place for theirs, and its size for an estimate."
    )
