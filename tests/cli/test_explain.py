"""``explain``: the rule, its article and why, from the log or from made-up facts."""

import pytest

from bot.policy.explain import EXPLANATIONS
from bot.policy.rules import Rule


def rule_in(output: str) -> Rule:
    (line,) = [line for line in output.splitlines() if "regel / rule:" in line]
    return Rule(line.rpartition(" ")[2])


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        pytest.param("--owner student --added-by staff", Rule.REFUSE_OWNER_NOT_STAFF, id="pupil"),
        pytest.param("--owner stranger", Rule.REFUSE_OWNER_NOT_STAFF, id="stranger"),
        pytest.param("--owner hidden", Rule.WAIT_OWNER_HIDDEN, id="hidden"),
        pytest.param("--owner staff", Rule.WAIT_NOT_CONFIRMED, id="not asked for"),
        pytest.param("--owner staff --confirmed --unlocked", Rule.ADOPT, id="adopted"),
        pytest.param("--owner staff --without-rights", Rule.WAIT_ITEMS_FAILING, id="no rights"),
        pytest.param("--owner staff --late", Rule.REFUSE_DEADLINE_PASSED, id="too late"),
        pytest.param(
            "--owner staff --administrator student",
            Rule.REFUSE_ADMINISTRATOR_NOT_STAFF,
            id="pupil administers",
        ),
        pytest.param(
            "--owner staff --state managed --unlocked", Rule.LOCK_DRIFTED, id="lock drifted"
        ),
        pytest.param("--owner staff --state managed --without-rights", Rule.SUSPEND, id="suspend"),
        pytest.param("--author student --kind text", Rule.MESSAGE_REFUSED, id="message"),
        pytest.param("--author student --hours-old 50", Rule.MESSAGE_TOO_OLD, id="too old"),
        pytest.param("--author staff", Rule.STAFF_MESSAGE, id="staff"),
        pytest.param("--author staff --reply-to student", Rule.STAFF_ADDRESSED_STUDENT, id="reply"),
        pytest.param("--author staff --reply-to staff", Rule.STAFF_MESSAGE, id="among staff"),
        pytest.param("--author hidden", Rule.ANONYMOUS_ADMINISTRATOR, id="anonymous"),
        pytest.param("--author student --as-channel", Rule.POST_AS_CHANNEL_REFUSED, id="channel"),
        pytest.param("--author stranger --has-seat", Rule.ADMINISTRATOR_MESSAGE, id="seat"),
    ],
)
def test_explain_when_facts_are_made_up_then_the_policy_decides(command, options, rule):
    result = command("explain", *options.split())

    assert result.exit_code == 0
    assert rule_in(result.stdout) is rule
    dutch, english = EXPLANATIONS[rule]
    assert f"-> {dutch}\n" in result.stdout
    assert f"-> {english}\n" in result.stdout


def test_explain_when_facts_are_made_up_then_nothing_is_written(command, folder):
    command("explain", "--owner", "student")

    assert list(folder.iterdir()) == []


def test_explain_when_an_event_is_named_then_its_rule_and_article(command, roster):
    command("import-people", str(roster), "--yes")

    result = command("explain", "--event", "1")

    assert result.exit_code == 0
    assert "cli:roster:imported" in result.stdout
    assert "artikel / article: house (enforced)" in result.stdout
    assert rule_in(result.stdout) is Rule.BOOKKEEPING


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param([], 2, id="nothing asked"),
        pytest.param(["--owner", "staff", "--author", "staff"], 2, id="two questions"),
        pytest.param(["--owner", "cook"], 2, id="unknown who"),
        pytest.param(["--event", "99"], 1, id="no such event"),
        pytest.param(["--group", "1"], 1, id="nothing about a group"),
        pytest.param(["--chat", "-1001"], 1, id="nothing about a chat"),
        pytest.param(["--account", "1"], 1, id="nothing about an account"),
    ],
)
def test_explain_when_there_is_no_answer_then_told(command, options, code):
    result = command("explain", *options)

    assert result.exit_code == code
    assert result.stderr
