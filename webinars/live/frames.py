"""A ready-made WebSocket text frame (RFC 6455 §5.2): made once, written to every socket as it is."""


def text_frame(payload: bytes) -> bytes:
    """Header and unmasked payload, as a server sends them."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((size,)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload
