// How numbers become places, colours and sizes. Pure functions of numbers.

/** The ends of an interval around a value. */
export interface Range {
  v: number;
  lo: number;
  hi: number;
}

/** 1 is certain, 2 middling, 3 uncertain. */
export type Certainty = 1 | 2 | 3;

/**
 * certainty classes a figure by how far apart the ends of its interval are:
 * the high end over the low, under 1.5, up to 3, above.
 *
 * A ratio means nothing on a scale that goes below zero. There the width is
 * compared with `spread`, the width of all values drawn: under a tenth, up to
 * a quarter, above.
 */
export function certainty(r: Range, signed = false, spread = 0): Certainty {
  if (r.hi === r.lo) return 1;
  if (signed || r.lo < 0) {
    const share = spread > 0 ? (r.hi - r.lo) / spread : Infinity;
    return share < 0.1 ? 1 : share <= 0.25 ? 2 : 3;
  }
  const ratio = r.lo === 0 ? Infinity : r.hi / r.lo;
  return ratio < 1.5 ? 1 : ratio <= 3 ? 2 : 3;
}

/**
 * breaks returns the inner edges, ascending, of at most five bins that hold
 * about as many values each. Each edge has the fewest digits that keep it
 * within a twentieth of all values of where equal shares would put it, so that
 * the legend can be read aloud.
 */
export function breaks(values: number[], bins = 5): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const slack = Math.floor(sorted.length / 20);
  const out: number[] = [];
  for (let k = 1; k < bins; k++) {
    const i = Math.round((sorted.length * k) / bins);
    const below = sorted[i - 1];
    const above = sorted[i];
    if (below === undefined || above === undefined || below === above) continue;
    const edge = shortest(sorted[Math.max(0, i - 1 - slack)]!, sorted[Math.min(sorted.length - 1, i + slack)]!, below + (above - below) / 2);
    if (edge > sorted[0]! && (out.length === 0 || edge > out[out.length - 1]!)) out.push(edge);
  }
  return out;
}

/** An Arc is a part of a ring: angles in turns from the top, clockwise, and the ring's number from the middle, 0 first. */
export interface Arc<T> {
  of: T;
  from: number;
  to: number;
  ring: number;
}

/**
 * arcs divides a circle among the tops, in their order and by their sizes, and
 * each arc among its parts, which may fill less than the whole of it. Sizes of
 * nothing take no room.
 */
export function arcs<T>(tops: T[], size: (t: T) => number, parts: (t: T) => T[]): Arc<T>[] {
  const out: Arc<T>[] = [];
  const lay = (all: T[], from: number, width: number, whole: number, ring: number) => {
    let at = from;
    for (const t of all) {
      const share = whole > 0 ? Math.max(0, size(t)) / whole : 0;
      const to = at + width * share;
      if (to > at) out.push({ of: t, from: at, to, ring });
      const below = parts(t);
      lay(below, at, to - at, Math.max(size(t), below.reduce((s, b) => s + Math.max(0, size(b)), 0)), ring + 1);
      at = to;
    }
  };
  lay(tops, 0, 1, tops.reduce((s, t) => s + Math.max(0, size(t)), 0), 0);
  return out;
}

/** shortest returns the number nearest to middle of the fewest significant digits with below < x <= above. */
export function shortest(below: number, above: number, middle = below + (above - below) / 2): number {
  for (let digits = 1; digits <= 15; digits++) {
    const x = Number(middle.toPrecision(digits));
    if (x > below && x <= above) return x;
  }
  return above;
}

/** binOf returns which bin a value is in, from 0; a value on an edge is in the upper one. */
export function binOf(v: number, edges: number[]): number {
  let i = 0;
  while (i < edges.length && v >= edges[i]!) i++;
  return i;
}

/** shadeOf returns which of five colours a bin has, from 0, when there are fewer bins than colours. */
export function shadeOf(bin: number, bins: number, reverse = false): number {
  const s = bins <= 1 ? 2 : Math.round((bin * 4) / (bins - 1));
  return reverse ? 4 - s : s;
}

/** halfEdge returns the edge between the two bins of values whose certainty is middling, or NaN without edges. */
export function halfEdge(edges: number[]): number {
  return edges[Math.floor(edges.length / 2)] ?? NaN;
}

/** radius returns the radius of a circle whose area is to the largest as v is to max. */
export function radius(v: number, max: number, largest: number): number {
  return v > 0 && max > 0 ? largest * Math.sqrt(v / max) : 0;
}

/** rounds returns up to three round values, descending, for a legend of circles up to max. */
export function rounds(max: number): number[] {
  if (!(max > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(max));
  const top = [5, 2, 1].find((m) => m * power <= max)! * power;
  return [top, top / 5, top / 50].map((v) => Number(v.toPrecision(2))).filter((v) => v > 0);
}

/**
 * extent returns the ends of an axis that holds every range. It begins at zero
 * when that costs less than a third of the width, and at one for ranks.
 */
export function extent(ranges: Range[], o: { log?: boolean; rank?: boolean; share?: boolean } = {}): [number, number] {
  let lo = Infinity;
  let hi = -Infinity;
  for (const r of ranges) {
    const low = o.log && r.lo <= 0 ? r.v : r.lo;
    if (o.log && low <= 0) continue;
    lo = Math.min(lo, low);
    hi = Math.max(hi, r.hi);
  }
  if (!Number.isFinite(lo)) return o.log ? [1, 10] : [0, 1];
  if (o.share && lo >= 0 && hi <= 100) return [0, 100];
  if (o.log) return lo === hi ? [lo / 2, hi * 2] : [lo, hi];
  if (o.rank && lo >= 1) return [1, Math.max(hi, 2)];
  if (lo > 0 && lo < (hi - lo) / 2) lo = 0;
  if (hi < 0 && -hi < (hi - lo) / 2) hi = 0;
  if (lo === hi) return lo === 0 ? [0, 1] : [lo - Math.abs(lo) / 10, hi + Math.abs(hi) / 10];
  return [lo, hi];
}

/**
 * apart moves places along a line so that none is nearer than `gap` to the
 * next, each as little as can be, all within [from, to] while there is room.
 * The answer is in the order given.
 */
export function apart(places: number[], gap: number, from: number, to: number): number[] {
  const order = places.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i);
  // Runs of touching labels, each centred on the mean of where they belong.
  const runs: { start: number; wanted: number[]; items: number[] }[] = [];
  const place = (run: (typeof runs)[number]) => {
    const mean = run.wanted.reduce((s, w, k) => s + w - k * gap, 0) / run.wanted.length;
    run.start = Math.max(from, Math.min(mean, to - (run.wanted.length - 1) * gap));
  };
  for (const { at, i } of order) {
    let run = { start: at, wanted: [at], items: [i] };
    place(run);
    for (let last = runs[runs.length - 1]; last && last.start + last.items.length * gap > run.start; last = runs[runs.length - 1]) {
      runs.pop();
      run = { start: 0, wanted: [...last.wanted, ...run.wanted], items: [...last.items, ...run.items] };
      place(run);
    }
    runs.push(run);
  }
  const out = new Array<number>(places.length);
  for (const run of runs) run.items.forEach((i, k) => (out[i] = run.start + k * gap));
  return out;
}

/**
 * roomFor returns the width that labels get beside a drawing so wide, whole
 * however long the longest of them is, or 0 where they must stand above it.
 */
export function roomFor(longest: number, width: number): number {
  if (width < 480 || longest > Math.min(width * 0.45, 420)) return 0;
  return longest;
}

/** A place at its longitude and latitude. */
export interface Place {
  at: [number, number];
  name: string;
}

/** ends reads two places written "longitude latitude name|longitude latitude name", null for anything else. */
export function ends(s: unknown): [Place, Place] | null {
  if (typeof s !== "string") return null;
  const places = s.split("|").map((p) => /^(-?[\d.]+) (-?[\d.]+) (.+)$/.exec(p));
  if (places.length !== 2 || places.some((m) => !m || Math.abs(Number(m[1])) > 180 || Math.abs(Number(m[2])) > 90)) return null;
  return places.map((m) => ({ at: [Number(m![1]), Number(m![2])], name: m![3] })) as [Place, Place];
}
