"""Reads a QR code the way a phone does (ISO/IEC 18004), sharing nothing with what draws it. Small codes only."""

import re

# Version and error level → blocks, data codewords in all. Blocks of these are equally long.
BLOCKS = {
    (1, "L"): (1, 19), (1, "M"): (1, 16), (1, "Q"): (1, 13), (1, "H"): (1, 9),
    (2, "L"): (1, 34), (2, "M"): (1, 28), (2, "Q"): (1, 22), (2, "H"): (1, 16),
    (3, "L"): (1, 55), (3, "M"): (1, 44), (3, "Q"): (2, 34), (3, "H"): (2, 26),
    (4, "L"): (1, 80), (4, "M"): (2, 64), (4, "Q"): (2, 48), (4, "H"): (4, 36),
}  # fmt: skip
LEVELS = "MLHQ"  # by the two bits of the format
FORMAT_MASK = 0b101010000010010
MASKS = (
    lambda r, c: (r + c) % 2, lambda r, c: r % 2, lambda r, c: c % 3, lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2, lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2, lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)  # fmt: skip


def squares(svg: str) -> list[list[int]]:
    """The dark squares of a code drawn as horizontal strokes, without the quiet zone."""
    drawn = re.search(r'stroke="#000"[^>]* d="([^"]+)"', svg)
    assert drawn is not None
    dark: set[tuple[int, int]] = set()
    x, y = 0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", drawn[1]):
        values = [float(one) for one in numbers.split()]
        if kind == "h":
            dark |= {(int(y - 0.5), x + n) for n in range(int(values[0]))}
            x += int(values[0])
        else:
            dx, dy = int(values[0]), values[1]
            x, y = (dx, dy) if kind == "M" else (x + dx, y + dy)
    top, left = min(r for r, _ in dark), min(c for _, c in dark)
    size = max(r for r, _ in dark) - top + 1
    return [[int((r + top, c + left) in dark) for c in range(size)] for r in range(size)]


def read(code: list[list[int]]) -> str:
    """What it says. Raises AssertionError where it is no code."""
    size = len(code)
    version = (size - 17) // 4
    assert 1 <= version <= 4
    assert size == 17 + 4 * version
    for row, column in ((0, 0), (0, size - 7), (size - 7, 0)):  # the three eyes
        assert all(code[row + n][column] == code[row][column + n] == 1 for n in range(7))
        assert code[row + 3][column + 3] == 1
        assert code[row + 1][column + 1] == 0
    places = [(8, n) for n in (0, 1, 2, 3, 4, 5, 7, 8)] + [(n, 8) for n in (7, 5, 4, 3, 2, 1, 0)]
    facts = int("".join(str(code[r][c]) for r, c in places), 2) ^ FORMAT_MASK
    level, mask = LEVELS[facts >> 13], MASKS[facts >> 10 & 7]
    bits = [code[r][c] ^ (mask(r, c) == 0) for r, c in _path(size) if not _is_pattern(r, c, size)]
    words = [int("".join(map(str, bits[n : n + 8])), 2) for n in range(0, len(bits) - 7, 8)]
    blocks, total = BLOCKS[version, level]
    data = bytes(words[n * blocks + block] for block in range(blocks) for n in range(total // blocks))
    stream = "".join(f"{byte:08b}" for byte in data)
    assert stream[:4] == "0100"  # bytes
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * n : 20 + 8 * n], 2) for n in range(length)).decode()


def _path(size: int) -> list[tuple[int, int]]:
    """Two columns at a time from the right, up and down; the timing column is stepped over."""
    found = []
    up = True
    for right in (c for c in range(size - 1, 0, -2)):
        column = right if right > 6 else right - 1
        rows = range(size - 1, -1, -1) if up else range(size)
        found += [(r, c) for r in rows for c in (column, column - 1)]
        up = not up
    return found


def _is_pattern(r: int, c: int, size: int) -> bool:
    """Is it an eye with its format, a timing line, or the small eye of versions from 2 on?"""
    eye = (r < 9 and c < 9) or (r < 9 and c >= size - 8) or (r >= size - 8 and c < 9)
    small = size > 21 and abs(r - (size - 7)) <= 2 and abs(c - (size - 7)) <= 2
    return eye or small or r == 6 or c == 6
