"""A simulated household in a virtual room: a device like any other."""
