import csv
import sys

source, target = sys.argv[1:]
with open(source, newline="") as table:
    rows = [(float(row["day"]), float(row["value"])) for row in csv.DictReader(table)]
days, values = zip(*rows)
width, height, edge = 640, 360, 40
across = (width - 2 * edge) / (max(days) - min(days))
up = (height - 2 * edge) / (max(values) - min(values))
points = [
    f"{edge + (day - min(days)) * across:.1f},{height - edge - (value - min(values)) * up:.1f}"
    for day, value in rows
]
with open(target, "w") as picture:
    picture.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">')
    picture.write(f'<rect width="{width}" height="{height}" fill="white"/>')
    picture.write(f'<polyline points="{" ".join(points)}" fill="none" stroke="#2563eb" stroke-width="2"/></svg>')
print(f"{len(rows)} points, from {min(values)} to {max(values)}")
