"""Good files under names that mean something to a shell, a page, a disk or a reader of paths."""

from tests.zoo.animal import Animal
from tests.zoo.volumes import IMAGE

HOSTILE = {
    "HTML": "<img src=x onerror=alert(1)>_t1.nii",
    "a script": "<script>alert(1)<⧸script>_t1.nii",
    "Markdown": "[click](javascript:alert(1))_**b**_t1.nii",
    "a shell's": "$(touch owned);`id`|& _t1.nii",
    "a format": "{0.__class__}%s%n%(x)s_t1.nii",
    "a line break": "a\nb_t1.nii",
    "an escape": "a\x1b[31m_t1.nii",
    "a quote": "a'\"_t1.nii",
    "two dots": "..a..b_t1.nii",
    "a percent": "%2e%2e%2fa_t1.nii",
    "Windows's own": "CON.aux_t1.nii",
    "Windows's signs": 'a:b*c?"<>|d_t1.nii',
    "a dot at its end": "NUL. _t1.nii",
    "an option": "--output=x_t1.nii",
    "Chinese": "患者一_t1.nii",
    "Arabic": "مريض_t1.nii",
    "Hebrew and a turn": "שלום\u202egpj_t1.nii",
    "an emoji": "🧠_t1.nii",
    "245 letters": "x" * 238 + "_t1.nii",
}


def names() -> list[Animal]:
    """All of them."""
    return [Animal(f"a name with {about}", name, IMAGE) for about, name in HOSTILE.items()]
