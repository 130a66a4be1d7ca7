"""Devices, files, resampling and earcons: sound in and sound out."""
