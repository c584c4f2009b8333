"""What has to be known of a drawing before its figures are relied on."""

from collections.abc import Iterable

from inference.postprocess import RULE


def core_remark(titles: Iterable[str]) -> str | None:
    """What is said where a core's size is an estimate; None where there is none such.

    Args:
        titles: Of the models, or the consensus, that drew it so.
    """
    named = list(titles)
    if not named:
        return None
    return (
        f"{', '.join(named)}: hardly any of this tumour enhances (less than "
        f"{RULE.hardly_enhancing:.0%}), which the models learned little of. The core drawn is the "
        f"{RULE.core_share:.0%} of the tumour where they hold it likeliest: take its place for "
        "theirs, and its size for an estimate."
    )
