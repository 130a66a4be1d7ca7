"""Its own voice is not taken for a person's: taken out of the sound, told by its shape, told by its words."""
