"""The frames we build ourselves are the ones the standard asks for."""

import pytest
from websockets.frames import Frame as TheirFrame
from websockets.frames import Opcode

from config.push import OPEN, frame
from config.sockets import Socket


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 200_000])
def test_a_frame_is_what_another_implementation_would_write(length: int) -> None:
    assert frame(b"x" * length) == TheirFrame(Opcode.TEXT, b"x" * length).serialize(mask=False)


def test_open_means_the_same_as_to_autobahn() -> None:
    assert OPEN == Socket.STATE_OPEN
