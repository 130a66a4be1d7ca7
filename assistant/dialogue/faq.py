"""Questions that people ask, about being close and about Evensong itself, with short spoken answers (faq.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from assistant.dialogue.lines import Part, Variants, at_least
from assistant.dialogue.steps import Id
from assistant.understanding import Intent
from assistant.understanding.data_file import load_yaml, validate

INTENT = "faq"
SLOT = "question"


class Question(Part):
    """One question, the ways to ask it, and its answers; each time another is given.

    ``anytime``: it is answered in the middle of a ritual, too, which then asks its own question again.
    """

    id: Id
    anytime: bool = False
    templates: Annotated[tuple[str, ...], at_least(1)]
    examples: Annotated[tuple[str, ...], at_least(1)]
    answers: Variants


class _Questions(Part):
    language: str
    questions: Annotated[tuple[Question, ...], at_least(1)] = Field(description="In the order of the file.")


def load_questions(path: Path) -> tuple[Mapping[str, Question], tuple[Intent, ...]]:
    """The questions of ``path`` by id, and their intents: all with the id `INTENT` and the question's in `SLOT`.

    None when there is no such file. Raises IntentsError with file and line.
    """
    if not path.exists():
        return {}, ()
    file = load_yaml(path)
    questions: dict[str, Question] = {}
    intents: list[Intent] = []
    for number, question in enumerate(validate(file, _Questions).questions):
        if question.id in questions:
            raise file.error(f"the question {question.id!r} stands there twice; rename one.", "questions", number, "id")
        questions[question.id] = question
        intents.append(
            Intent(
                id=INTENT,
                templates=question.templates,
                examples=question.examples,
                contexts=frozenset({"idle", "answer"} if question.anytime else {"idle"}),
                source=file.where("questions", number),
                slots=((SLOT, question.id),),
            )
        )
    return questions, tuple(intents)
