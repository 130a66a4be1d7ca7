"""Watching an evening: the terminal view, the event log, the transcript. Observers; they change nothing."""
