"""How much of a media was examined, of how much there is."""

from assay.evidence import Coverage, Extent, People
from assay.media.material import Material, Speech


def coverage(material: Material) -> Coverage:
    """What the branches got to see and hear."""
    return Coverage(picture=_picture(material), sound=_sound(material), people=_people(material))


def _picture(material: Material) -> Extent | None:
    if material.media.kind != "video":
        return None
    seen = sum(span.end - span.start for span in material.spans)
    return examined_of(seen, material.media.duration)


def _sound(material: Material) -> Extent | None:
    if material.media.audio is None:
        return None
    spans = material.speech.spans if material.speech else []
    return examined_of(sum(len(wave) for _, wave in spans) / Speech.RATE, material.media.duration)


def examined_of(examined: float, of: float | None) -> Extent:
    """To a tenth of a second; never more than there is, however a container counts its length."""
    least = examined if of is None else min(examined, of)
    return Extent(examined=round(least, 1), of=None if of is None else round(of, 1))


def _people(material: Material) -> People | None:
    if material.media.kind == "audio":
        return None
    examined = len(material.persons)
    return People(examined=examined, of=examined + len(material.bystanders))


def told(known: Coverage) -> str:
    """A line such as "30 s of 60 min of sound, 8 s of 28 s of picture, 3 of 6 faces"."""
    parts = [
        f"{_seconds(extent)} of {what}"
        for what, extent in (("sound", known.sound), ("picture", known.picture))
        if extent is not None
    ]
    if known.people is not None:
        parts.append(_faces(known.people))
    return ", ".join(parts)


def _seconds(extent: Extent) -> str:
    if extent.of is None or extent.examined >= extent.of:
        return ("all " if extent.of is not None else "") + _length(extent.examined)
    return f"{_length(extent.examined)} of {_length(extent.of)}"


def _length(seconds: float) -> str:
    """Seconds up to two minutes, else whole minutes."""
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 ", " ")
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _faces(people: People) -> str:
    if people.of == 0:
        return "no face"
    return f"{people.examined} of {people.of} {'face' if people.of == 1 else 'faces'}"
