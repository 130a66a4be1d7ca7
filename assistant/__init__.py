"""Evensong: a hands-free voice companion that listens, understands and answers offline.

The way of the sound is the way of the folders:
``audio -> hearing -> understanding -> dialogue -> speaking -> audio``, with ``memory`` beside dialogue.
"""

import os

# onnxruntime (which Piper uses) reports to its maker from version 1.29 on, and keeps a number of the device for it,
# unless this is set before it is loaded. Set here, so that nothing of Evensong can load it earlier.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# NumPy's linear algebra: on matrices as small as ours several threads only wait for each other. A sentence's meaning
# took 5 ms with one, and up to 280 ms with two where the machine had other things to do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
