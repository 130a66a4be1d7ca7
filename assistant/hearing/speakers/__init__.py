"""Who speaks: voice prints of the people, two at once, and who holds the floor."""
