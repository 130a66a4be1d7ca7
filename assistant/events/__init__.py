"""The value types that travel along the way of the sound; the rest of Evensong imports them from here.

- sound.py and speech.py: what the stages hand each other (`AudioChunk -> Utterance -> Meaning -> Effect -> AudioClip`)
- happening.py: what can happen (`Event`)
- effects.py: what dialogue can ask for (`Effect`)

All are frozen. Times named ``at_s`` are seconds on the audio clock: the length of all microphone audio since the start,
never a wall clock.
"""

from assistant.events.effects import *
from assistant.events.happening import *
from assistant.events.sound import *
from assistant.events.speech import *
