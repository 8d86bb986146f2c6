"""Files that leave the console: a table with the question printed on it, as CSV, XLSX or PDF.

A page gives a ``Sheet`` (sheet.py) and calls ``serving.serve`` once; a format is one ``write`` function and one line there.
"""
