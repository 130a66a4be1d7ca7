"""Whether the second opinion speaks against a command that only nearly is one of the sentences, or has an open place.

"Remind me what she liked about me" begins as reminders do, and "I hate you" sounds like "I hurt you". What was said
exactly is never doubted.
"""

from __future__ import annotations

from collections.abc import Collection

from assistant.understanding.intent import START
from assistant.understanding.readings.reading import Reading
from assistant.understanding.semantic.second_opinion import Judgement
from assistant.understanding.templates.templates import OPEN
from assistant.understanding.words.alignment import UNLIKE

# Chosen on tests/data: of all that was accepted there without being said exactly, this doubts what was meant otherwise,
# and nothing that was right.
SURELY_OTHER = 0.95  # so probable that it was just this other thing
SURELY_TALK = 0.8  # so like talk that is meant for somebody else; misheard words are like nothing, up to 0.7
# So improbable that anything of ours was meant. It is enough where no word was taken for one that sounds alike, for
# "never mind me" is not "never mind", badly heard. Of 95 such sentences the 86 that were right are at 0.65 or more, 6
# of the 9 others below 0.2.
HARDLY_MEANT = 0.4


def may_be_doubted(command: Reading) -> bool:
    return command.likeness < 1.0 or OPEN in command.phrase.words


def is_doubted(command: Reading, judged: Judgement, allowed: Collection[str], timed: Collection[str]) -> bool:
    """``allowed`` may be proposed instead; requests in ``timed`` name the rituals that they are about."""
    meant = command.sense[1]
    talk = judged.none >= SURELY_TALK or (_words_as_heard(command) and judged.meant < HARDLY_MEANT)
    if OPEN not in command.phrase.words and talk:
        return True  # in an open place there may be any talk: "remind me to feed the cat"
    if judged.intent == meant or judged.intent not in allowed or judged.right < SURELY_OTHER:
        return False
    return not (meant in timed and judged.intent.startswith(START))


def _words_as_heard(command: Reading) -> bool:
    """Whether words are missing, too many or others, and none was taken for one that sounds alike."""
    return all(pair.apart == 0.0 or pair.apart >= UNLIKE for pair in command.pairs)
