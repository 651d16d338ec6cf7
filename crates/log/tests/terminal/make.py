"""Makes the `.raw` files and, by a VT emulator, the `.rows` beside them. Wants tqdm 4.70, rich 15.0, pyte 0.8.2.

`cargo-build.raw` is the standard error of `cargo build` of an empty program, with `term.progress.when="always"`,
`term.progress.width=60` and `term.color="always"`.
"""
import glob
import io
import os

import pyte
from rich.console import Console
from rich.live import Live
from rich.progress import Progress
from rich.table import Table
from tqdm import tqdm

HERE = os.path.dirname(os.path.abspath(__file__))


class Terminal(io.StringIO):
    def isatty(self):
        return True


def save(name, out):
    with open(os.path.join(HERE, name + ".raw"), "wb") as file:
        file.write(out.getvalue().encode())


def bar(out, total, name, position, **more):
    form = "{l_bar}{bar}| {n_fmt}/{total_fmt}"
    return tqdm(total=total, desc=name, file=out, ncols=40, position=position, mininterval=0, miniters=1, bar_format=form, **more)


def tqdm_nested():
    out = Terminal()
    epochs = bar(out, 3, "epoch", 0)
    for _ in range(3):
        batches = bar(out, 4, "batch", 1, leave=False)
        for _ in range(4):
            batches.update(1)
        batches.close()
        epochs.update(1)
    epochs.close()
    out.write("done\n")
    save("tqdm-nested", out)


def tqdm_positions():
    out = Terminal()
    bars = [bar(out, 2, f"worker {place}", place) for place in range(3)]
    for _ in range(2):
        for one in bars:
            one.update(1)
    tqdm.write("note from worker", file=out)
    for one in bars:
        one.close()
    out.write("all done\n")
    save("tqdm-positions", out)


def console(out, colours):
    return Console(file=out, force_terminal=True, width=60, color_system=colours, legacy_windows=False)


def rich_progress():
    out = Terminal()
    to = console(out, "standard")
    with Progress(console=to, auto_refresh=False) as progress:
        download, unpack = progress.add_task("download", total=2), progress.add_task("unpack", total=2)
        progress.refresh()
        for file in range(2):
            progress.update(download, advance=1)
            progress.refresh()
            to.print(f"file {file} is here")
            progress.update(unpack, advance=1)
            progress.refresh()
    to.print("finished")
    save("rich-progress", out)


def rich_live():
    out = Terminal()
    to = console(out, "truecolor")
    with Live(console=to, auto_refresh=False) as live:
        for count in (1, 3, 2):
            table = Table(title=f"step {count}")
            table.add_column("name")
            table.add_column("value")
            for row in range(count):
                table.add_row(f"row {row}", str(count * row))
            live.update(table, refresh=True)
        to.print("half way")
        live.update("end of table", refresh=True)
    to.print("after")
    save("rich-live", out)


def docker_pull():
    out = Terminal()
    layers = ["a1b2c3", "d4e5f6", "778899"]
    out.write("latest: Pulling from library/alpine\n")
    for layer in layers:
        out.write(f"{layer}: Pulling fs layer \n")
    for state in ("Downloading [=>   ] 1MB/4MB", "Downloading [==> ] 3MB/4MB", "Download complete", "Pull complete"):
        for place in (1, 0, 2):
            up = len(layers) - place
            out.write(f"\x1b[{up}A\x1b[2K\r{layers[place]}: {state} \r\x1b[{up}B")
    out.write("Digest: sha256:0011\nStatus: Downloaded newer image for alpine:latest\n")
    save("docker-pull", out)


def log_update():
    out = Terminal()
    erase = lambda rows: "".join("\x1b[2K" + ("\x1b[1A" if row < rows - 1 else "") for row in range(rows)) + ("\x1b[G" if rows else "")
    out.write("$ setup\n\x1b[?25l")
    before = 0
    for frame in (
        ["⠋ install", "  ⠋ fetch"],
        ["⠙ install", "  ⠙ fetch", "  ⠙ link"],
        ["⠹ install", "  ✔ fetch", "  ⠹ link"],
        ["✔ install (2 tasks)"],
    ):
        out.write(erase(before) + "\n".join(frame) + "\n")
        before = len(frame) + 1
    out.write("\x1b[?25hnext step\nlast step\n")
    save("log-update", out)


def saved_place():
    out = Terminal()
    out.write("header: waiting\nbody\n\x1b7\x1b[2A\rheader: 1 of 2\x1b[K\x1b8more body\n")
    out.write("\x1b7\x1b[3F\x1b[2Kheader: done\x1b8end\n")
    save("saved-place", out)


def emulate(path):
    screen = pyte.Screen(200, 60)
    screen.set_mode(pyte.modes.LNM)
    with open(path, "rb") as file:
        pyte.Stream(screen).feed(file.read().decode())
    rows = [row.rstrip() for row in screen.display]
    while rows and not rows[-1]:
        rows.pop()
    with open(path[:-4] + ".rows", "w") as file:
        file.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    for make in (tqdm_nested, tqdm_positions, rich_progress, rich_live, docker_pull, log_update, saved_place):
        make()
    for path in sorted(glob.glob(os.path.join(HERE, "*.raw"))):
        emulate(path)
