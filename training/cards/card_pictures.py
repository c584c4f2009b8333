"""Which pictures of synthetic cases a card shows, and what stands below them."""

from typing import Final

from common.vocabulary import REGIONS

RANKS: Final = ("best", "worst")
_NO_PICTURES = "No pictures have been drawn with these weights yet (`python -m training pictures`)."


def pictures_of(captions: dict | None, name: str, sha256: str) -> list[dict]:
    """Best first, what ``captions.json`` says of a model's pictures, if of these very weights."""
    if captions is None or captions["weights"].get(name) != sha256:
        return []
    shown = [picture for picture in captions["pictures"] if picture["model"] == name]
    return sorted(shown, key=lambda picture: RANKS.index(picture["rank"]))


def pictures_text(shown: list[dict], captions: dict | None) -> str:
    """The pictures in Markdown, each with its caption, or that there are none."""
    if not shown or captions is None:
        return _NO_PICTURES
    lines = [
        f"The pictures show {captions['cases']} synthetic cases, not patients, since no scan may "
        f"be passed on; of these the best and the worst. Orange is missed, blue is extra, green "
        f"is right."
    ]
    for picture in shown:
        dice = ", ".join(f"{region.upper()} {picture['dice'][region]:.3f}" for region in REGIONS)
        place = f"{picture['case']}, axial slice {picture['slice']}"
        caption = f"The {picture['rank']}: {place}. Dice {dice}."
        lines.append(f"![{caption}]({file_name(picture['rank'])})\n\n{caption}")
    return "\n\n".join(lines)


def file_name(rank: str) -> str:
    """What a picture is called in the weights folder."""
    return f"{rank}.webp"
