"""Teaching Vosk's acoustic model to hear in noise what it hears without: docs/decisions/0019-learning-noise.md.

No part of the product, and nothing that it needs: `python -m benchmarks.noise_training --help`. Needs PyTorch (any
version from 2.5 on; the processor is enough), which Evensong itself does not.
"""
