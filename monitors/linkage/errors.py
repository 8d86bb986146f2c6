"""What can be wrong with a linkage: always said with the file, the field or line, and what to write instead."""

from monitors.errors import SupervisionError


class LinkageError(SupervisionError):
    """A configuration or a table that cannot be linked as it is."""

    def __init__(self, where: str, fault: str) -> None:
        super().__init__(f"{where}: {fault}")
