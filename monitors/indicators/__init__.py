"""Indicators: arithmetic that rules and pages share, as pure functions."""
