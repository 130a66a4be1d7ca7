"""One household's conversation without any sound: dialogue, understanding and journal joined."""
