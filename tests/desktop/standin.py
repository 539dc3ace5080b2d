"""A stand-in for `appliance serve`: announces itself, answers /health, shows one page.

Run as `python -m tests.desktop.standin`; reads the settings' environment variables and
STANDIN_FATE: "die" (says why and ends), "once" (dies the first time it is started),
"deaf" (is there but never answers), else it serves. STANDIN_PAGE is its page's file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from appliance.base.running import announce

DATA = Path(os.environ["APPLIANCE_DATA_DIR"])
PORT = int(os.environ["APPLIANCE_PORT"])


class Console(BaseHTTPRequestHandler):
    """Notes each request in `requests.log`; a ticket is exchanged for a cookie."""

    def do_GET(self) -> None:
        if self.path != "/health":
            with (DATA / "requests.log").open("a") as log:
                log.write(f"{self.command} {self.path} {self.headers.get('Cookie')}\n")
        if self.path.startswith("/desktop"):
            self._answer(303, b"", Location="/", Set_Cookie="s=1; HttpOnly; SameSite=Strict")
        elif self.path.startswith("/elsewhere"):
            self._answer(303, b"", Location=os.environ["STANDIN_ELSEWHERE"] + "/redirected")
        else:
            page = os.environ.get("STANDIN_PAGE")
            self._answer(200, Path(page).read_bytes() if page else b"<title>Console</title>")

    def do_POST(self) -> None:
        self.do_GET()

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    """Meet the fate that the environment asks for."""
    fate = os.environ.get("STANDIN_FATE", "")
    first = not (DATA / "started").exists()
    (DATA / "started").touch()
    if fate == "die" or (fate == "once" and first):
        sys.stderr.write(json.dumps({"level": "error", "message": "Port 5000 is taken."}) + "\n")
        sys.exit(1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with announce(DATA, f"http://127.0.0.1:{PORT}"):
        if fate == "deaf":
            time.sleep(60)
        ThreadingHTTPServer(("127.0.0.1", PORT), Console).serve_forever()


if __name__ == "__main__":
    main()
