/**
 * Logarithmic histograms of durations: bucket `i` holds values in (γ^(i−1), γ^i], and a value read back
 * is at most 1.9 % off (the construction of DDSketch, Masson et al., VLDB 2019). Merging is adding.
 */
const ACCURACY = 0.019;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LN_GAMMA = Math.log(GAMMA);

/** Enough for 10^15 ms; what is longer counts as that. */
const BUCKETS = 1_024;

/** Counts by bucket; a count may pass through below zero while differences are still being added up. */
export type Histogram = Map<number, number>;

/** The bucket of a duration in milliseconds; everything up to 1 ms is bucket 0. */
export function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms) / LN_GAMMA));
}

/** The duration, in milliseconds, that stands for a bucket. */
export function durationOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}

/**
 * One observation as a single number, so that a list of them is a difference: `bucket` for one that
 * came, `-1 - bucket` for one that was taken back.
 */
export const observed = (ms: number, sign: 1 | -1): number =>
  sign === 1 ? bucketOf(ms) : -1 - bucketOf(ms);

export function addObservations(into: Histogram, observations: readonly number[]): void {
  for (const one of observations) {
    if (one >= 0) addTo(into, one, 1);
    else addTo(into, -1 - one, -1);
  }
}

export function addHistogram(into: Histogram, other: Histogram): void {
  for (const [bucket, count] of other) addTo(into, bucket, count);
}

function addTo(into: Histogram, bucket: number, count: number): void {
  const sum = (into.get(bucket) ?? 0) + count;
  if (sum === 0) into.delete(bucket);
  else into.set(bucket, sum);
}

/** Packed as pairs of variable-length integers, buckets as distances: about two bytes a bucket. */
export function packHistogram(histogram: Histogram): Buffer {
  return pack([...histogram].sort(([a], [b]) => a - b));
}

function pack(sorted: Iterable<readonly [bucket: number, count: number]>): Buffer {
  const bytes: number[] = [];
  let last = 0;
  for (const [bucket, count] of sorted) {
    putVarint(bytes, bucket - last);
    putVarint(bytes, zigzag(count));
    last = bucket;
  }
  return Buffer.from(bytes);
}

/** Adds a packed histogram to another. Throws when the bytes are none. */
export function addPacked(into: Histogram, packed: Uint8Array): void {
  unpack(packed, (bucket, count) => addTo(into, bucket, count));
}

function unpack(packed: Uint8Array, add: (bucket: number, count: number) => void): void {
  let at = 0;
  let bucket = 0;
  const next = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = packed[at++];
      if (byte === undefined) throw new RangeError("a packed histogram ends in the middle");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < packed.length) {
    bucket += next();
    add(bucket, unzigzag(next()));
  }
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number) => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** A histogram to add many to and to read one figure from, again and again: thousands make one chart. */
export class Tally {
  /** Made when there is something to count: most figures are of none. */
  private counts = new Float64Array();
  private low = BUCKETS;
  private high = -1;
  count = 0;

  clear(): void {
    if (this.high >= this.low) this.counts.fill(0, this.low, this.high + 1);
    this.low = BUCKETS;
    this.high = -1;
    this.count = 0;
  }

  addPacked(packed: Uint8Array): void {
    unpack(packed, (bucket, count) => this.add(bucket, count));
  }

  /** Takes out again what was added. */
  subtractPacked(packed: Uint8Array): void {
    unpack(packed, (bucket, count) => this.add(bucket, -count));
  }

  /** As `observed` writes them. */
  addObservations(observations: readonly number[]): void {
    for (const one of observations) this.add(one >= 0 ? one : -1 - one, one >= 0 ? 1 : -1);
  }

  /** A packed one, or observations. */
  addPart(part: Uint8Array | readonly number[]): void {
    if (part instanceof Uint8Array) this.addPacked(part);
    else this.addObservations(part);
  }

  addTally(other: Tally): void {
    for (let bucket = other.low; bucket <= other.high; bucket++)
      this.add(bucket, other.counts[bucket] ?? 0);
  }

  private add(bucket: number, count: number): void {
    if (this.counts.length === 0) this.counts = new Float64Array(BUCKETS);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.count += count;
    if (bucket < this.low) this.low = bucket;
    if (bucket > this.high) this.high = bucket;
  }

  /** All that was added, as one histogram. */
  packed(): Buffer {
    const filled: Array<[number, number]> = [];
    for (let bucket = this.low; bucket <= this.high; bucket++) {
      const count = this.counts[bucket] ?? 0;
      if (count !== 0) filled.push([bucket, count]);
    }
    return pack(filled);
  }

  /** The value, in milliseconds, that a share `q` of all observations do not exceed; null without any. */
  quantile(q: number): number | null {
    if (this.count <= 0) return null;
    const rank = Math.max(1, Math.ceil(q * this.count));
    let seen = 0;
    for (let bucket = this.low; bucket <= this.high; bucket++) {
      seen += this.counts[bucket] ?? 0;
      if (seen >= rank) return durationOf(bucket);
    }
    return null;
  }
}
