"""What a sentence for a wearer must never say.

Sensors see movement. They do not see a disease, a muscle, a cause or a state of health, and a
quiet result reassures nobody. The list is a guard for tests and for whoever adds a text.
"""

from __future__ import annotations

import re

_FORBIDDEN: dict[str, str] = {
    "a state of health": r"healthy|health|normal|abnormal|unhealthy|pathological|pathology|"
    r"fine|all clear|nothing wrong|perfect",
    "a disease or diagnosis": r"diagnos\w*|diseas\w*|disorder\w*|syndrome\w*|arthritis|"
    r"osteoarthritis|arthrosis|impingement|bursitis|tendinitis|labral|meniscus|ligament\w*|"
    r"tear|torn|recurvatum|trendelenburg|dysplasia|valgus|condition|symptom\w*|injur\w*|"
    r"patient\w*|lesion\w*|deformit\w*|misalign\w*|malalign\w*|dysfunction\w*",
    "a muscle": r"muscle\w*|psoas|iliopsoas|glute\w*|gluteus|quad|quads|quadriceps|"
    r"hamstring\w*|adductors?|abductors?|flexors?|extensors?|rectus|weak\w*|tight\w*|"
    r"overactive|underactive|strength\w*|stiff(?:ness)?|imbalance\w*",
    "a cause": r"cause\w*|causing|because of|due to|leads? to|result(?:s|ing)? from|"
    r"comes? from|responsible for|origin\w*",
    "a promise or a risk": r"risk\w*|safe|safely|danger\w*|prevent\w*|cure\w*|treat\w*|"
    r"heal|therapy|medical[- ]grade|guarantee\w*|certain(?:ly)?|definitely|proves?",
    "an alarm": r"bad|wrong|severe\w*|serious\w*|alarming|worr\w+",
}

_PATTERNS = {
    what: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for what, words in _FORBIDDEN.items()
}


def forbidden_words(sentence: str) -> tuple[str, ...]:
    """What a sentence says that it must not, as ``word (what it claims)``; empty if nothing."""
    return tuple(
        f"{match.group(0)} ({what})"
        for what, pattern in _PATTERNS.items()
        for match in pattern.finditer(sentence)
    )
