"""The chip's small pictures: outlines on a 16 x 16 grid, drawn for this project, stroked with the text's colour."""

from typing import Final

ICONS: Final[dict[str, str]] = {
    "lock": "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    "code": "M3 5.5h10M3 10.5h10M6.5 3l-1.5 10M11 3l-1.5 10",
    "people": "M6 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2 13c0-2.5 1.8-4 4-4s4 1.5 4 4M10.5 7.2a1.8 1.8 0 1 0 0-3.6M11.5 9.2"
    "c1.6.3 2.5 1.7 2.5 3.8",
    "pair": "M5 7a1.8 1.8 0 1 0 0-3.6A1.8 1.8 0 0 0 5 7zM11 7a1.8 1.8 0 1 0 0-3.6A1.8 1.8 0 0 0 11 7z"
    "M2 12.5c0-2 1.3-3.3 3-3.3s3 1.3 3 3.3c0-2 1.3-3.3 3-3.3s3 1.3 3 3.3",
    "members": "M2.5 4h11v6.5H8L5 13v-2.5H2.5z",
    "letter": "M2.5 4h11v8h-11zM2.5 4.5 8 9l5.5-4.5",
    "trace": "M8 3v5l3 2M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z",
    "nothing": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 12l8-8",
}
