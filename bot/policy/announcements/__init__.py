"""Announcements of timetable changes: what they say, when they may go, to whom."""
