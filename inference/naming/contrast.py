"""Whether a name speaks of before or after a contrast agent.

Few words say it alone ("nativ", "postcontrast"). Most say it only beside a word for an agent:
"vor KM", "senza mdc", "kontrast öncesi". An agent with nothing beside it was given; one beside a
word that no list knows, which may be a "without" of another language, is in doubt.
"""

from enum import StrEnum

from inference.naming.terms import is_known, lists, places


class Contrast(StrEnum):
    """What a name says of a contrast agent; doubtful where it says both, or something unclear."""

    SILENT = "silent"
    BEFORE = "before"
    AFTER = "after"
    DOUBTFUL = "doubtful"


def contrast_in(words: tuple[str, ...]) -> tuple[Contrast, set[int]]:
    """Hear what the words of a name say of a contrast agent, and which of them spoke of it.

    Args:
        words: As ``terms.words_of`` cuts them.
    """
    at = {entry: places(words, "contrast", entry) for entry in lists()["contrast"]}
    heard = {Contrast.DOUBTFUL} if at["both"] else set()
    heard |= {Contrast.AFTER} if at["after"] else set()
    heard |= {Contrast.BEFORE} if at["before"] else set()
    spent = at["after"] | at["before"]
    sure = at["agent"] - spent
    agents = sure | _perhaps_agents(words, at["perhaps_agent"] - spent, certain=bool(sure or heard))
    for agent in sorted(agents):
        beside = _beside(at, agent, agents, len(words))
        spent |= beside
        heard |= {_meaning(at, word, agent) for word in beside} or {
            Contrast.DOUBTFUL if _strange_beside(at, words, agent, sure) else Contrast.AFTER
        }
    if not heard and _opens_with_initials(words, at["perhaps_agent"] - agents - spent):
        heard.add(Contrast.DOUBTFUL)
    return _agreed(heard, _alone(at, words, spent)), spent | agents


def _agreed(heard: set[Contrast], alone: set[Contrast]) -> Contrast:
    """What all that was heard says; a doubt whether "post" meant an operation yields to it."""
    heard = heard | (alone - {Contrast.DOUBTFUL} if heard else alone)
    if not heard:
        return Contrast.SILENT
    return heard.pop() if len(heard) == 1 else Contrast.DOUBTFUL


def _perhaps_agents(words: tuple[str, ...], found: set[int], *, certain: bool) -> set[int]:
    """Of ``KM``, ``Gd`` and the like those that are no initials, and the c of ``T1 c``.

    A name may begin with whose it is, as ``KM_T1`` does; beside surer words it adds nothing.
    """
    lone_c = {at for at in range(1, len(words)) if words[at] == "c" and words[at - 1] == "t1"}
    return lone_c | (found - _initials(words) if not certain and len(found) < 2 else found)


def _initials(words: tuple[str, ...]) -> set[int]:
    """The place of the first word that is no name and no number, as the second of ``7_KM_T1``."""
    named = next((at for at, word in enumerate(words) if _says(word)), len(words))
    return {named}


def _says(word: str) -> bool:
    return not word.isdigit() and is_known(word)


def _opens_with_initials(words: tuple[str, ...], left: set[int]) -> bool:
    is_t1 = places(words, "modality", "t1") or places(words, "modality_hint", "t1")
    return bool(_initials(words) & left and is_t1)


def _beside(at: dict[str, set[int]], agent: int, agents: set[int], count: int) -> set[int]:
    """Places of the words for before and after that belong to an agent."""
    speaking = at["before_beside"] | at["after_beside"]
    after = agent + 1
    while after < count and after in agents | (at["filler"] - at["follows"]):
        after += 1
    if after < count and after in at["follows"]:
        return {after}
    place = agent - 1
    while place >= 0 and place in (at["filler"] | agents) - speaking:
        place -= 1
    found = set()
    while place >= 0 and place in speaking - at["follows"] | at["joining"]:
        found |= {place} & speaking
        place -= 1
    return found or ({agent - 1} & speaking)


def _strange_beside(
    at: dict[str, set[int]], words: tuple[str, ...], agent: int, sure: set[int]
) -> bool:
    """Whether the word before an agent, or after one that is surely one, is in no list."""
    before = agent - 1
    while before >= 0 and before in at["filler"]:
        before -= 1
    beside = [before, agent + 1] if agent in sure else [before]
    return any(0 <= place < len(words) and _is_strange(words[place]) for place in beside)


def _is_strange(word: str) -> bool:
    return word.isalpha() and not is_known(word)


def _meaning(at: dict[str, set[int]], word: int, agent: int) -> Contrast:
    """Hungarian "után" follows its noun and is after; Swedish "utan" precedes it and is without."""
    before, after = word in at["before_beside"], word in at["after_beside"]
    if before and after:
        return Contrast.AFTER if word > agent else Contrast.BEFORE
    return Contrast.BEFORE if before else Contrast.AFTER


def _alone(at: dict[str, set[int]], words: tuple[str, ...], spent: set[int]) -> set[Contrast]:
    """``T1 post`` and ``T1 pre``; beside an operation they speak of that, and nobody knows."""
    operations = places(words, "operation", "words")
    heard = set()
    for entry, meaning in (("after_alone", Contrast.AFTER), ("before_alone", Contrast.BEFORE)):
        for place in at[entry] - spent:
            heard.add(Contrast.DOUBTFUL if place + 1 in operations else meaning)
    return heard
