"""From text to sound: engines, the worker process, the cache."""

from assistant.speaking.choice import EngineInfo, EngineName, choose, engines
from assistant.speaking.cutting import sentences
from assistant.speaking.speaker import Speaker

__all__ = ["EngineInfo", "EngineName", "Speaker", "choose", "engines", "sentences"]
