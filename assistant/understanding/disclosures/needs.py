"""What must still be heard for a pattern half read to be found, so that one whose words do not come is never begun.

Most of what people say has a first word of many patterns ("I", "my", "he") and the telling word of none. So for each
node of the automaton a set of labels is chosen of which every way from there to an end passes one: a minimum cut, the
labels weighed by how many patterns await them. Nothing is lost by looking ahead for it: where none of these is in
reach, the pattern cannot be found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from assistant.understanding.disclosures.pattern_graph import BEGINNING, END, Label, Node

LONGEST_LABEL_WORDS = 2  # "my self" for one that was meant
SHORT_WORDS = 10  # within so many, most patterns must have come to such a label
LONG_WORDS = 48
BITS = 1_024  # for the labels; several may share one, which only means looking in vain

# The labels, within how many words the last of them comes, and what they weigh; None where none is needed.
_Cut = tuple[frozenset[Label], int, int] | None
# Labels as bits: of a node those that it needs, of a place those that are heard within its reach. The first BITS are
# for what comes within SHORT_WORDS, the next BITS for what comes within LONG_WORDS.
Needed = int
NOTHING: Needed = 0


class Needs:
    """What the nodes of one automaton need: ``of`` has one for each node; NOTHING where a pattern may end anyway."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        awaited = Counter(label for node in nodes for label, ends in node.on.items() for _ in ends)
        cuts = _cuts(nodes, awaited)
        labels = sorted({label for cut in cuts if cut for label in cut[0]}, key=lambda label: (-awaited[label], label))
        self._bits = {label: 1 << _bit(number) for number, label in enumerate(labels)}
        known: dict[Needed, Needed] = {}  # each once in memory
        self.of = [known.setdefault(need, need) for need in map(self._need, cuts)]

    def _need(self, cut: _Cut) -> Needed:
        if cut is None or cut[1] > LONG_WORDS:
            return NOTHING
        mask = 0
        for label in cut[0]:
            mask |= self._bits[label]
        return mask << BITS if cut[1] > SHORT_WORDS else mask

    def reach(self, rows: Sequence[Iterable[tuple[Label, int, float]]]) -> list[Needed]:
        """What is heard within reach of each place of ``rows``, and nothing after the last."""
        bits = self._bits
        heard = []
        for row in rows:
            mask = 0
            for label, _, _ in row:
                mask |= bits.get(label, 0)
            heard.append(mask)
        near, far = _windows(heard, SHORT_WORDS), _windows(heard, LONG_WORDS)
        return [soon | later << BITS for soon, later in zip(near, far, strict=True)]


def _windows(masks: Sequence[int], length: int) -> list[int]:
    """For each place, and the one after the last, all bits of the next ``length`` (van Herk, 1992)."""
    count = len(masks)
    onward, back = list(masks), list(masks)
    for place in range(1, count):
        if place % length:
            onward[place] |= onward[place - 1]
    for place in range(count - 2, -1, -1):
        if (place + 1) % length:
            back[place] |= back[place + 1]
    return [back[place] | onward[min(place + length, count) - 1] for place in range(count)] + [0]


def _bit(number: int) -> int:
    """Labels that few patterns await, which are seldom heard, share bits."""
    return number if number < BITS // 2 else BITS // 2 + number % (BITS // 2)


def _cuts(nodes: Sequence[Node], awaited: Mapping[Label, int]) -> list[_Cut]:
    cuts: list[_Cut] = [None] * len(nodes)
    known: dict[frozenset[Label], frozenset[Label]] = {}  # each once in memory: most nodes need what the next one does
    for place in _from_the_ends(nodes):
        cut = _cut(nodes[place], cuts, awaited.__getitem__)
        cuts[place] = None if cut is None else (known.setdefault(cut[0], cut[0]), cut[1], cut[2])
    return cuts


def _cut(node: Node, cuts: Sequence[_Cut], weight: Callable[[Label], int]) -> _Cut:
    """That of ``node``, when those of all nodes after it are known."""
    if node.pattern is not None:
        return None
    labels: set[Label] = set()
    within = 0
    for after, words in _silent(node):
        cut = cuts[after]
        if cut is None:
            return None
        labels |= cut[0]
        within = max(within, words + cut[1])
    for label, ends in node.on.items():
        for after in ends if label not in (BEGINNING, END) else ():
            cut = cuts[after]
            if cut is None or cut[2] >= weight(label):
                labels.add(label)
                within = max(within, 1)
            else:
                labels |= cut[0]
                within = max(within, LONGEST_LABEL_WORDS + cut[1])
    return frozenset(labels), within, sum(map(weight, labels))


def _silent(node: Node) -> Iterator[tuple[int, int]]:
    """The nodes after ``node`` where no label has been passed, and after how many words."""
    yield from ((after, 0) for after in node.free)
    yield from ((after, 0) for mark in (BEGINNING, END) for after in node.on.get(mark, ()))
    if node.anything is not None:
        yield node.anything, 1


def _from_the_ends(nodes: Sequence[Node]) -> Iterator[int]:
    """All nodes, each after all that it leads to."""
    done = [False] * len(nodes)
    for first in range(len(nodes)):
        waiting = [first]
        while waiting:
            place = waiting[-1]
            node = nodes[place]
            onward = [*node.free, *(after for ends in node.on.values() for after in ends)]
            onward += [] if node.anything is None else [node.anything]
            new = [after for after in onward if not done[after]]
            if new:
                waiting += new
                continue
            waiting.pop()
            if not done[place]:
                done[place] = True
                yield place
