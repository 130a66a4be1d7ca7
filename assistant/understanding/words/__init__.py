"""Words by themselves: one way of writing them, how they sound, how much they weigh, numbers, what is forgiven."""
