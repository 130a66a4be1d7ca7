"""What a sentence says besides its intent: answers of questions, names, times, what is recalled."""
