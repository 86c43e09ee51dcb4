"""Linking codes on paper: a PDF, or a sheet for the browser."""
