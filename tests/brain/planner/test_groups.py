"""The evidence is read in groups, of whole objects mostly, and told of in words."""

from brain.planner.groups import Group, in_words, paths_of


def test_every_path_is_concrete_and_none_is_read_twice() -> None:
    paths = paths_of(Group, oui="0AC3E9")

    assert not any({"*", "{"} & set(path) for path in paths)
    assert len(set(paths)) == len(paths)


def test_whole_objects_are_read_save_of_what_manages_the_device() -> None:
    leaves = [path for path in paths_of(Group, oui="0AC3E9") if not path.endswith(".")]

    assert leaves == [
        "Device.ManagementServer.PeriodicInformEnable",
        "Device.ManagementServer.PeriodicInformInterval",
    ]


def test_a_makers_own_objects_are_read_under_its_name_only() -> None:
    assert paths_of([Group.VENDOR], oui="0AC3E9") == (
        "Device.X_0AC3E9_IPTV.",
        "Device.X_0AC3E9_Voice.",
    )
    assert paths_of([Group.VENDOR]) == ()


def test_groups_are_listed_as_a_person_would() -> None:
    assert in_words([Group.OPTICAL, Group.DNS]) == "optical signal, DNS settings"
