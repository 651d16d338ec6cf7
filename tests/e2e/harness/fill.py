"""Writes many ended jobs into the database of a server that does not run: fill.py FILE COUNT [CONFIG_BYTES].

The newest is created a minute ago, each older one a minute earlier. Every hundredth failed with code 3.
"""

import sqlite3
import sys
import time

SUCCESS, ERROR = 4, 5


def varint(number):
    bytes_ = bytearray()
    while number > 127:
        bytes_.append(number & 127 | 128)
        number >>= 7
    bytes_.append(number)
    return bytes(bytes_)


def number(tag, value):
    return varint(tag << 3) + varint(value)


def text(tag, value):
    value = value if isinstance(value, bytes) else value.encode()
    return varint(tag << 3 | 2) + varint(len(value)) + value


def file(path, digest, size):
    return text(1, text(1, path)) + text(2, digest) + number(3, size)


def job(place, age_s, now_s, config):
    created = now_s - age_s
    status = ERROR if place % 100 == 0 else SUCCESS
    said = "The command returned 3" if status == ERROR else "Done"
    digest = f"{place:064x}"
    expires = created + 14 * 86400
    body = b"".join([
        text(1, f"job{place:017}"),
        text(2, f"training run {place}"),
        text(3, f"learning rate {place % 7}e-4"),
        text(4, number(1, created)),
        text(5, number(1, created + 5 + place % 300)),
        number(6, status),
        text(7, config),
        text(8, "anna" if place % 3 else "boris"),
        text(9, "default"),
        text(10, text(1, file("data.csv", "a" * 64, 1000)) + text(5, "python3 main.py")),
        text(11, number(1, expires)),
        text(13, file("model.bin", digest, 500 + place % 1000)),
        number(16, 1500 + place % 1000),
        text(17, number(1, created + 2)),
        text(18, said),
        text(19, text(1, "c1.4" if place % 2 else "g1.1")),
    ])
    return body, status, expires, digest


def main():
    path, count, *rest = sys.argv[1:]
    config = ("# " + "x" * 76 + "\n") * (int(rest[0]) // 79) if rest else "cmd: python3 main.py\n"
    now_s = int(time.time())
    with sqlite3.connect(path) as base:
        for place in range(1, int(count) + 1):
            body, status, expires, digest = job(place, 60 * (int(count) + 1 - place), now_s, config)
            id_ = f"job{place:017}"
            base.execute(
                "INSERT INTO jobs (id, sequence, project_id, status, body, data_expires_s, data_cleared, cancel_graceful)"
                " VALUES (?, ?, 'default', ?, ?, ?, 0, 0)",
                (id_, place, status, body, expires),
            )
            base.executemany(
                "INSERT INTO job_files VALUES (?, 'default', ?)", [(id_, "a" * 64), (id_, digest)]
            )


main()
