"""When: clock times, days and recurrences as people say them, put together to one time."""
