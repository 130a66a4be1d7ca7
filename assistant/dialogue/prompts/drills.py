"""Lines of the drills: slips while mirroring, and the closing report."""

from __future__ import annotations

from pydantic import Field

from assistant.dialogue.lines import Variants
from assistant.dialogue.prompts.section import Section


class Slips(Section):
    """Gently, when somebody who gives back what they heard slips into something else."""

    advice: Variants
    judgement: Variants
    defence: Variants


class Report(Section):
    """At the end of a listening drill: at most five of these. The single words are filled into the lines."""

    talk: Variants = Field(description="{name} {length} {other} {other_length}")
    talk_alike: Variants = Field(description="{length}")
    no_interruptions: Variants = Field(description="{by}")
    interruptions: Variants = Field(description="{by} {name} {count} {other} {other_count}")
    by_words: Variants
    silence: Variants = Field(description="{seconds}")
    points_of_both: Variants = Field(description="{name} {back} {other} {other_back}")
    points_of_one: Variants = Field(description="{name} {back}")
    points_back: Variants = Field(description="{back}")
    kept_still: Variants = Field(description="{times}")
    into_story: Variants = Field(description="{times}")
    kept_pauses: Variants = Field(description="{times}")
    into_pauses: Variants = Field(description="{times}")
    not_heard: Variants
    last_time: Variants = Field(description="{count}")
    by_microphones: str
    by_voices: str
    under_a_minute: str
    one_minute: str
    minutes: str = Field(description="{number}")
    none: str
    one_point: str
    some_points: str = Field(description="{number}")
    one_interruption: str
    some_interruptions: str = Field(description="{number}")
    times: tuple[str, ...] = Field(min_length=3, description="How often, from none on; the last is for any more.")
