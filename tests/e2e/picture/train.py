"""Teaches a small network to tell two half moons apart, with Python alone."""

import csv
import json
import math
import os
import random
import sys
import time

EPOCHS, HIDDEN, RATE = int(sys.argv[1]), 48, 0.0012
random.seed(7)


def moon(upper):
    turn = random.random() * math.pi
    x, y = (math.cos(turn), math.sin(turn) - 0.2) if upper else (1 - math.cos(turn), 0.2 - math.sin(turn))
    return x - 0.5 + random.gauss(0, 0.13), y + random.gauss(0, 0.13), float(upper)


def network():
    return [[random.gauss(0, 0.5) for _ in range(4)] for _ in range(HIDDEN)], [0.0]


def guess(units, bias, x, y):
    layer = [math.tanh(a * x + b * y + c) for a, b, c, _ in units]
    return layer, 1 / (1 + math.exp(-sum(h * unit[3] for h, unit in zip(layer, units)) - bias[0]))


def learn(units, bias, points):
    random.shuffle(points)
    for x, y, wanted in points:
        layer, said = guess(units, bias, x, y)
        error = RATE * (wanted - said)
        bias[0] += error
        for h, unit in zip(layer, units):
            slope = error * unit[3] * (1 - h * h)
            unit[3] += error * h
            unit[0] += slope * x
            unit[1] += slope * y
            unit[2] += slope


def measure(units, bias, points):
    loss = right = 0
    for x, y, wanted in points:
        said = min(max(guess(units, bias, x, y)[1], 1e-9), 1 - 1e-9)
        loss -= math.log(said if wanted else 1 - said)
        right += (said > 0.5) == bool(wanted)
    return loss / len(points), right / len(points)


def draw(units, bias, points, cell=8, scale=150):
    width, height = 560, 360
    at = lambda x, y: (width / 2 + x * scale, height / 2 - y * scale)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">']
    for top in range(0, height, cell):
        for left in range(0, width, cell):
            x, y = (left + cell / 2 - width / 2) / scale, (height / 2 - top - cell / 2) / scale
            said = guess(units, bias, x, y)[1]
            mix = [round(a + (b - a) * said) for a, b in zip((253, 216, 190), (190, 214, 250))]
            parts.append(f'<rect x="{left}" y="{top}" width="{cell}" height="{cell}" fill="rgb{tuple(mix)}"/>')
    for x, y, upper in points:
        left, top = at(x, y)
        colour = "#1d4ed8" if upper else "#c2410c"
        parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="{colour}" stroke="white"/>')
    return "".join(parts) + "</svg>"


train, test = ([moon(number % 2 == 0) for number in range(count)] for count in (2500, 160))
units, bias = network()
progress = open(os.environ["JOB_PROGRESS_FILENAME"], "a", buffering=1)
with open("metrics.csv", "w", newline="") as table:
    rows = csv.writer(table)
    rows.writerow(["epoch", "loss", "accuracy"])
    for epoch in range(1, EPOCHS + 1):
        began = time.monotonic()
        learn(units, bias, train)
        loss, accuracy = measure(units, bias, test)
        rows.writerow([epoch, f"{loss:.4f}", f"{accuracy:.4f}"])
        print(f"epoch={epoch} loss={loss:.4f} accuracy={accuracy:.3f}", flush=True)
        done = json.dumps({"progress": 100 * epoch // EPOCHS, "message": f"epoch {epoch} of {EPOCHS}"})
        progress.write(done + "\n")
        time.sleep(max(0.0, 0.1 - time.monotonic() + began))

os.makedirs("figures", exist_ok=True)
with open("figures/boundary.svg", "w") as picture:
    picture.write(draw(units, bias, test))
with open("model.json", "w") as model:
    json.dump({"hidden": HIDDEN, "units": units, "bias": bias}, model)
print(f"best accuracy on {len(test)} unseen points: {accuracy:.1%}", flush=True)
