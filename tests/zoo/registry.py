"""Every file of the zoo."""

from functools import cache

from tests.zoo.animal import Animal
from tests.zoo.archives import archives
from tests.zoo.dicom import dicom
from tests.zoo.formats import formats
from tests.zoo.names import names
from tests.zoo.pictures import pictures
from tests.zoo.studies import studies
from tests.zoo.volumes import volumes


@cache
def animals() -> dict[str, Animal]:
    """The files by what is odd about them."""
    every = [*volumes(), *formats(), *pictures(), *archives(), *studies(), *dicom(), *names()]
    found = {animal.about: animal for animal in every}
    if len(found) < len(every):
        raise ValueError("two files of the zoo have one name")
    return found
