"""Who is who on this computer: where private data lie, and whose answers go with a walk."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recordings.metadata import SessionMetadata
    from recordings.profile import Profile
    from recordings.session import Session

ME = "me"
"""Who walks if nobody says otherwise."""
SIMULATED = "simulated"
"""Who walks where no person did, if nobody says otherwise."""


def home() -> Path:
    """The folder of private data: ``HIPGAIT_HOME``, or ``.hipgait`` in the user's home."""
    folder = os.environ.get("HIPGAIT_HOME")
    return Path(folder) if folder else Path.home() / ".hipgait"


def walk_cache() -> Path:
    """The folder of walks that were analysed before, so that they open at once.

    In `HIPGAIT_HOME` where that is set, else where the system keeps what may be lost.
    """
    if os.environ.get("HIPGAIT_HOME"):
        return home() / "walks"
    if sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "cache"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "hipgait" / "walks"


def plain_name(text: str) -> str:
    """A name with single blanks and nothing that cannot be stored."""
    return " ".join(text.encode(errors="replace").decode().split())


def profile_file(person: str = ME) -> Path:
    """Where the answers of a person lie; the file's name tells nobody's name."""
    if person == ME:
        return home() / "profile.json"
    key = hashlib.sha256(person.encode()).hexdigest()[:24]
    return home() / "people" / f"{key}.json"


def person_of(metadata: SessionMetadata, given: str | None = None) -> str:
    """Who walked: whoever is given, else whom the session names."""
    if given is not None and (name := plain_name(given)):
        return name
    if name := plain_name(metadata.wearer.name or ""):
        return name
    return SIMULATED if metadata.simulated else ME


def answers_of(metadata: SessionMetadata, person: str) -> Profile | None:
    """The answers that go with a walk; a virtual person has none, and those of nobody else.

    Raises
    ------
    InputError
        If they cannot be read.
    """
    from recordings.profile import read_profile

    file = profile_file(person)
    return read_profile(file) if not metadata.simulated and file.exists() else None


def advice_for(person: str) -> str:
    """What the red flags of a person ask for; empty without one.

    Raises
    ------
    InputError
        If the answers cannot be read.
    """
    from dashboards.questionnaire import advice
    from recordings.profile import read_profile

    file = profile_file(person)
    return advice(read_profile(file)) if file.exists() else ""


def with_facts(session: Session, profile: Profile | None) -> Session:
    """The session with facts of the profile where it holds none of its own.

    A walk of another person, or of a virtual one, says who walked: that stands first.
    """
    import msgspec

    if profile is None or session.metadata.simulated:
        return session
    own = {
        k: v for k, v in msgspec.structs.asdict(session.metadata.wearer).items() if v is not None
    }
    wearer = msgspec.structs.replace(profile.wearer, **own)
    metadata = msgspec.structs.replace(session.metadata, wearer=wearer)
    return replace(session, metadata=metadata)
