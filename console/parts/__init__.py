"""Rows in, components out: nothing here reads a database or a clock."""
