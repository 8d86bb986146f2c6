"""The web console: pages, parts, named questions. It reads; the only writes will live in console/actions."""

__version__ = "0.1"
