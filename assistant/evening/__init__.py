"""The evening with sound: the one loop, and what it asks of ears, voice and floor."""
