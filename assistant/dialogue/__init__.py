"""Rituals as data, and the one step function that leads people through them. Pure."""
