"""One function per question: runs named statements on a given connection, returns frozen rows."""
