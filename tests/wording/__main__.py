"""`python -m tests.wording`: how well texts are checked, and how fast."""

import sys
from statistics import median
from time import process_time

from bot.wording.check import check
from bot.wording.findings import Kind
from bot.wording.names import Names
from tests.wording.measuring import (
    SETS,
    Labelled,
    checked,
    contact,
    labelled,
    measured,
    personal,
)
from tests.wording.school import ALLOWED, names_of_school

LONGEST = 4096


def show_mistakes(texts: list[Labelled], names: Names) -> None:
    """Each text of the development set that is judged otherwise than it is labelled."""
    for one in texts:
        findings = [each for each in checked(one, names) if each.stops]
        kinds = {each.kind for each in findings}
        if one.kinds - kinds or (not one.kinds and kinds):
            marked = [f"{each.kind}: {one.text[each.start : each.end]!r}" for each in findings]
            say(f"  {sorted(one.kinds)} {one.text!r}\n    found {marked}")


def show(name: str, names: Names) -> None:
    figures = measured(labelled(name), names)
    say(f"\n{name}: {len(labelled(name))} texts, {figures.clean} of them clean")
    for kind in Kind:
        found, expected = figures.found[kind], figures.expected[kind]
        besides = f"  besides: {figures.besides[kind]}" if figures.besides[kind] else ""
        say(f"  {kind.value:28} {found:3} of {expected:3}{besides}")
    say(f"  recall, personal data        {personal(figures):.3f}  (at least 0.98)")
    say(f"  recall, contact              {contact(figures):.3f}  (at least 0.98)")
    share = f"{figures.stopped_part:.3f}  ({figures.stopped} of {figures.clean}; at most 0.02)"
    say(f"  clean texts stopped          {share}")


def show_speed(names: Names) -> None:
    texts = [one.text for name in SETS for one in labelled(name)]
    long = " ".join(texts)[:LONGEST]
    say("\nmilliseconds of one processor for a text, with 3,000 students and 200 staff")
    for what, each in (("labelled", texts), ("4,096 characters", [long] * 20)):
        took = []
        for text in each:
            begun = process_time()
            check(text, names=names, allowed=ALLOWED)
            took.append((process_time() - begun) * 1000)
        say(f"  {what:18} median {median(took):.2f}, worst {max(took):.2f}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    begun = process_time()
    names = names_of_school()
    say(f"a roster of 3,000 students is read in {(process_time() - begun) * 1000:.0f} ms")
    for name in SETS:
        show(name, names)
    show_speed(names)
    if "--mistakes" in sys.argv:
        say("\nmistakes in the development set")
        show_mistakes(labelled("development"), names)


if __name__ == "__main__":
    main()
