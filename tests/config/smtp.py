"""A mail server of its own on a real socket, which says at each step what a test wants it to say."""

import socketserver
import threading
from types import TracebackType
from typing import Self

POLITE = {"HELLO": "220 mail.example.org", "EHLO": "250 mail.example.org", "MAIL": "250 ok", "RCPT": "250 ok"}
POLITE |= {"DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye", "RSET": "250 ok", "AUTH": "235 welcome"}


class Smtp(socketserver.ThreadingTCPServer):
    """`Smtp(RCPT="550 no such person")` is polite but for that. An empty answer hangs up."""

    daemon_threads = True

    def __init__(self, **says: str) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.says = POLITE | says
        self.letters: list[str] = []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.shutdown()
        self.server_close()


class Line(socketserver.StreamRequestHandler):
    server: Smtp

    def handle(self) -> None:
        if not self.say("HELLO"):
            return
        while words := self.rfile.readline().decode().strip():
            verb = words.split()[0].upper()
            if not self.say(verb):
                return
            if verb == "DATA":
                lines: list[str] = []
                while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(line)
                self.server.letters.append("\n".join(lines))
                if not self.say("."):
                    return

    def say(self, verb: str) -> bool:
        answer = self.server.says.get(verb, "502 what?")
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
        return bool(answer)
