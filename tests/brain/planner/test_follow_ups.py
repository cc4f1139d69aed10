"""How somebody goes on is told by the words, in English, German, Dutch, Spanish and French."""

import pytest

from brain.planner.facts import FollowUp
from brain.planner.follow_ups import follow_up_in

SAID: dict[FollowUp, list[str]] = {
    FollowUp.UNDO: [
        "Undo that, please",
        "put it back",
        "Können Sie das bitte rückgängig machen?",
        "stell das wieder zurück",
        "kun je dat ongedaan maken",
        "deshazlo",
        "annulez ça",
    ],
    FollowUp.WHY: ["why?", "Why did you propose this?", "Wieso das?", "waarom?", "¿Por qué?"],
    FollowUp.WHY_NOT: ["why not?", "Warum nicht 20 MHz?", "waarom niet", "¿por qué no?"],
    FollowUp.STATUS: [
        "Did it help?",
        "and what now?",
        "hat das geholfen?",
        "heeft het geholpen",
        "¿ha funcionado?",
        "ça a marché ?",
    ],
    FollowUp.OTHER_DEVICE: [
        "it is the extender upstairs",
        "I mean the other router",
        "es ist der Repeater",
        "het is het kastje",
        "es el repetidor",
        "c'est le répéteur",
    ],
    FollowUp.CORRECTION: ["no, the 5 GHz one", "nein, oben", "nee, boven", "non, en haut"],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts]
)
def test_a_follow_up_is_known_by_its_words(kind: FollowUp, text: str) -> None:
    found = follow_up_in(text)

    assert found is not None
    assert found[0] is kind


@pytest.mark.parametrize(
    "text",
    [
        "the wifi is slow",
        "why is the wifi so slow in the evening",
        "the router restarts by itself",
        "set the wifi to channel 6",
        "do not undo that",
        "bitte nicht rückgängig machen",
        "n'annulez pas",
        "their extender has no light",
        "",
    ],
)
def test_what_begins_something_is_no_follow_up(text: str) -> None:
    assert follow_up_in(text) is None


def test_what_is_asked_about_is_kept() -> None:
    assert follow_up_in("Why not channel 1, then?") == (FollowUp.WHY_NOT, "channel 1, then")
