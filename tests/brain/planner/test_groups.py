"""The evidence is read in groups of whole objects, and told of in words."""

from brain.planner.groups import Group, in_words, paths_of


def test_every_path_is_an_object_and_concrete() -> None:
    paths = paths_of(Group, oui="0AC3E9")

    assert all(path.endswith(".") and not {"*", "{"} & set(path) for path in paths)
    assert len(set(paths)) == len(paths)


def test_a_makers_own_objects_are_read_under_its_name_only() -> None:
    assert paths_of([Group.VENDOR], oui="0AC3E9") == (
        "Device.X_0AC3E9_IPTV.",
        "Device.X_0AC3E9_Voice.",
    )
    assert paths_of([Group.VENDOR]) == ()


def test_groups_are_listed_as_a_person_would() -> None:
    assert in_words([Group.OPTICAL, Group.DNS]) == "optical signal, DNS settings"
