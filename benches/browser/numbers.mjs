// Medians, ratios, and how they are written.

const ROUNDS = 5;

export const MIB = 1 << 20;

/**
 * What each of `ways` takes, in milliseconds: the median of five, taken by turns, so that what else the machine does
 * meets all of them. A first round is not counted: it fills the machine's cache of files.
 */
export async function byTurns(ways, rounds = ROUNDS) {
  const taken = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const ms = await way();
      if (round > 0) taken[name].push(ms);
    }
  }
  if (process.env.JOBSPHERE_BENCH_EACH) console.error(taken);
  return Object.fromEntries(Object.entries(taken).map(([name, times]) => [name, median(times)]));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

export const ratio = (value, reference) => (value / reference).toFixed(2);

/** Decimal megabytes a second. */
export const speed = (bytes, ms) => `${Math.round(bytes / 1000 / ms).toLocaleString("en")} MB/s`;

export const milliseconds = (ms) => `${Math.round(ms).toLocaleString("en")} ms`;

export const mebibytes = (bytes) => `${Math.round(bytes / MIB)} MiB`;
