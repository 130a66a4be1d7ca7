"""What the recogniser is told to expect, made of the same templates that are matched."""
