"""Which place a question is about, in words: for heads and names of files, which travel without the page."""

from console.answering import Asked
from console.gate import viewer
from console.i18n import t
from console.queries import regions

MOST_NAMED = 3


def looked_at(asked: Asked) -> str:
    """Return the place of the filters, else all the reader may see; unknown codes stand as they are."""
    if asked.filters.region:
        return _names(asked, [asked.filters.region])
    if viewer().sees_every_region:
        top = regions.root(asked.conn)
        return top.name if top else ""
    return _names(asked, sorted(viewer().regions))


def _names(asked: Asked, codes: list[str]) -> str:
    named = regions.places(asked.conn, codes)
    said = [named[code].full if code in named else code for code in codes[:MOST_NAMED]]
    return t(", ").join([*said, *(["…"] if len(codes) > MOST_NAMED else [])])
