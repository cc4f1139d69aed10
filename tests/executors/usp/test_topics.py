"""A topic says whose it is, and nobody's answers go to another's."""

import pytest

from executors.usp.topics import Heard, Topics, with_reply

TOPICS = Topics(prefix="isp/usp", client="c1", group="all")
AGENT = "os::001122-S%2D1"


def test_what_agents_say_is_shared_and_what_they_answer_is_not() -> None:
    assert TOPICS.filters == (
        "$share/all/isp/usp/controller/#",
        "$share/all/isp/usp/bulk/+",
        "$share/all/isp/usp/home/#",
        "isp/usp/reply/c1/#",
        "isp/usp/home/+/+/bridge/devices",
    )
    assert len(Topics(prefix="usp", client="c1").filters) == 4
    assert Topics(prefix="usp", client="c1").filters[0] == "usp/controller/#"


def test_a_topic_names_who_publishes_there() -> None:
    assert TOPICS.heard(f"isp/usp/controller/{AGENT}") == Heard(AGENT)
    assert TOPICS.heard(TOPICS.reply(AGENT)) == Heard(AGENT)


def test_an_older_topic_says_where_its_answers_go() -> None:
    topic = with_reply(f"isp/usp/controller/{AGENT}", TOPICS.agent(AGENT))

    assert topic == f"isp/usp/controller/{AGENT}/reply-to=isp%2Fusp%2Fagent%2F{AGENT}"
    assert TOPICS.heard(with_reply("isp/usp/controller/e", "isp/usp/agent/e")) == Heard(
        "e", "isp/usp/agent/e"
    )


@pytest.mark.parametrize(
    "topic",
    [
        "isp/usp/controller/",
        "isp/usp/controller/a/b",
        "isp/usp/reply/c2/a",
        "isp/usp/agent/a",
        "other/controller/a",
    ],
)
def test_a_topic_that_is_no_agents_names_nobody(topic: str) -> None:
    assert TOPICS.heard(topic) is None


@pytest.mark.parametrize("topic", ["isp/usp/agent/e", "isp/usp/agent/e/1"])
def test_an_agent_may_listen_below_its_own_name(topic: str) -> None:
    assert TOPICS.is_of("e", topic)


@pytest.mark.parametrize(
    "topic", ["isp/usp/agent/e2", "isp/usp/agent/e/#", "isp/usp/agent/e/+", "isp/usp/controller/e"]
)
def test_an_agent_may_listen_nowhere_else(topic: str) -> None:
    assert not TOPICS.is_of("e", topic)
