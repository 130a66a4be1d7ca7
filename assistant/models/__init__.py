"""Speech models: the catalogue of what can be had, and the folder of what is installed.

A model is fetched, checked against its SHA-256, unpacked beside its place, tuned as the catalogue says, and only
then moved into place; nothing out of an archive is ever run.
"""

from assistant.models.catalog import Catalog, Model, load_catalog
from assistant.models.fetch import Progress, progress_bar
from assistant.models.store import Installed, ModelStore

__all__ = ["Catalog", "Installed", "Model", "ModelStore", "Progress", "load_catalog", "progress_bar"]
