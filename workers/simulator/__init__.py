"""A business system to watch: a city modelled on Dezhou, with a past, a present, and things that go wrong."""

import json
import logging
import threading
from random import Random

from sql.settings import Settings
from workers.embedded.database import ensure_database
from workers.embedded.postgres import PostgresServer
from workers.simulator.history import is_loaded, load_history
from workers.simulator.live import Live, beijing_now
from workers.simulator.truth import write_truth

DATABASE = "minzheng"
log = logging.getLogger(__name__)


def main(settings: Settings, stop: threading.Event, households: int = 2000, rate: float = 1.0, seed: int = 1) -> None:
    """Load the city's history once, then let it live until ``stop``.

    The answer sheet of what was planted is kept in ``truth.jsonl`` in the home.
    """
    server = PostgresServer(settings.home / "business", name="business", conf={"shared_buffers": "128MB"})
    server.start()  # taken as it is where the supervisor runs it
    ensure_database(server, DATABASE)
    truth_file = settings.home / "truth.jsonl"
    with server.connect(DATABASE) as conn:
        if not is_loaded(conn):
            load_history(conn, households, seed, beijing_now())
        planted = write_truth(conn, truth_file)
        log.info(json.dumps({"event": "city", "truth": str(truth_file), "lines": planted}))
        Live(conn, rate, Random(f"{seed}:{beijing_now()}"), truth_file).run(stop)
    server.stop()
