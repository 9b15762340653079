import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, arcs, binOf, breaks, certainty, extent, halfEdge, radius, roomFor, rounds, shadeOf, shortest, ends } from "./scale.ts";
import { seriesOf, yearOf, type Table } from "./table.ts";

const range = (lo: number, hi: number) => ({ v: (lo + hi) / 2, lo, hi });

test("certainty is by the high end over the low", () => {
  assert.equal(certainty(range(100, 149)), 1);
  assert.equal(certainty(range(100, 150)), 2);
  assert.equal(certainty(range(100, 300)), 2);
  assert.equal(certainty(range(100, 301)), 3);
  assert.equal(certainty(range(0, 3)), 3, "nothing is certain that may be none");
  assert.equal(certainty(range(0, 0)), 1, "a counted zero is exact");
});

test("certainty below zero is by the width against the spread", () => {
  assert.equal(certainty(range(-0.1, 0.1), true, 4), 1);
  assert.equal(certainty(range(-0.4, 0.4), true, 4), 2);
  assert.equal(certainty(range(-1, 1), true, 4), 3);
  assert.equal(certainty(range(-1, 1)), 3, "an unknown spread promises nothing");
});

test("bins hold about as many values each, with short edges", () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  const edges = breaks(values);
  assert.deepEqual(edges, [20, 40, 60, 80]);
  const counts = [0, 0, 0, 0, 0];
  for (const v of values) counts[binOf(v, edges)]!++;
  assert.deepEqual(counts, [19, 20, 20, 20, 21]);
  assert.deepEqual(breaks([1, 2, 3, 4, 5]), [2, 3, 4, 5], "few values are parted exactly");
});

test("equal values are never in two bins", () => {
  const edges = breaks([3, 3, 3, 3, 3, 3, 3, 8, 9]);
  assert.equal(new Set([3, 3, 3].map((v) => binOf(v, edges))).size, 1);
  assert.deepEqual(breaks([7, 7, 7]), []);
  assert.deepEqual(breaks([]), []);
});

test("an edge is the shortest number between its neighbours", () => {
  assert.equal(shortest(1234, 1987), 1600); // 1610.5 to one digit is 2000, past the upper neighbour
  assert.equal(shortest(0.1, 0.9), 0.5);
  const x = shortest(10.1, 10.2);
  assert.ok(x > 10.1 && x <= 10.2);
});

test("the middling bins part where the five do", () => {
  assert.equal(halfEdge([1, 2, 3, 4]), 3);
  assert.ok(Number.isNaN(halfEdge([])));
});

test("few bins take colours far apart, and ranks the other way round", () => {
  assert.deepEqual([0, 1, 2, 3, 4].map((b) => shadeOf(b, 5)), [0, 1, 2, 3, 4]);
  assert.deepEqual([0, 1].map((b) => shadeOf(b, 2)), [0, 4]);
  assert.equal(shadeOf(0, 5, true), 4);
});

test("areas of circles are as the counts", () => {
  assert.equal(radius(400, 400, 20), 20);
  assert.equal(radius(100, 400, 20), 10);
  assert.equal(radius(0, 400, 20), 0);
});

test("the legend of circles has round values", () => {
  assert.deepEqual(rounds(1_600_000), [1_000_000, 200_000, 20_000]);
  assert.deepEqual(rounds(7), [5, 1, 0.1]);
  assert.deepEqual(rounds(0), []);
});

test("an axis begins at zero where that is cheap, and at one for ranks", () => {
  assert.deepEqual(extent([range(10, 100)]), [0, 100]);
  assert.deepEqual(extent([range(80, 100)]), [80, 100]);
  assert.deepEqual(extent([range(40, 52)], { rank: true }), [1, 52]);
  assert.deepEqual(extent([range(12, 40)], { share: true }), [0, 100]);
  assert.deepEqual(extent([range(-2, 1)]), [-2, 1]);
  assert.deepEqual(extent([{ v: 5, lo: 0, hi: 50 }], { log: true }), [5, 50]);
  assert.deepEqual(extent([]), [0, 1]);
});

test("labels are pushed apart no further than they must be", () => {
  assert.deepEqual(apart([10, 50], 10, 0, 100), [10, 50]);
  assert.deepEqual(apart([50, 50], 10, 0, 100), [45, 55]);
  assert.deepEqual(apart([100, 98], 10, 0, 100), [100, 90]);
  const many = apart([5, 5, 5, 6, 90], 10, 0, 100);
  const sorted = [...many].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++) assert.ok(sorted[i]! - sorted[i - 1]! >= 10 - 1e-9);
});

test("series are rows of one group along the years", () => {
  const cell = (v: number) => ({ v, lo: v - 1, hi: v + 1, kind: "credible", text: String(v) });
  const table: Table = {
    title: "", summary: "", labels: {}, columns: [], chart: { type: "lines", value: "p", x: "year" },
    rows: [
      { key: "a/2001", label: "2001", group: "A", cells: { year: "2001", p: cell(2) } },
      { key: "a/2000", label: "2000", group: "A", home: true, cells: { year: "2000", p: cell(1) } },
      { key: "b/2000", label: "2000", group: "B", cells: { year: "2000", p: null } },
      { key: "c/?", label: "undated", group: "C", cells: { year: "undated", p: cell(3) } },
    ],
  };
  const s = seriesOf(table);
  assert.deepEqual(s.map((x) => [x.name, x.home, x.points.map((p) => p.x)]), [["A", true, [2000, 2001]]]);
  assert.equal(yearOf("2020-07"), 2020.5);
  assert.ok(Number.isNaN(yearOf("20")));
});

test("arcs divide a circle and each arc among its parts", () => {
  type Part = { name: string; v: number; parts?: Part[] };
  const tops: Part[] = [
    { name: "a", v: 30, parts: [{ name: "b", v: 10 }, { name: "c", v: 5 }] },
    { name: "d", v: 10, parts: [{ name: "e", v: 8 }, { name: "f", v: 12 }] },
    { name: "g", v: 0 },
  ];
  const laid = new Map(arcs(tops, (p) => p.v, (p) => p.parts ?? []).map((x) => [x.of.name, x]));
  assert.deepEqual([laid.get("a")!.from, laid.get("a")!.to, laid.get("d")!.to, laid.get("a")!.ring], [0, 0.75, 1, 0]);
  assert.deepEqual([laid.get("b")!.from, laid.get("b")!.to, laid.get("c")!.to, laid.get("b")!.ring], [0, 0.25, 0.375, 1], "parts may leave room");
  assert.deepEqual([laid.get("e")!.from, laid.get("e")!.to, laid.get("f")!.to], [0.75, 0.85, 1], "and never take more than there is");
  assert.equal(laid.has("g"), false);
  assert.deepEqual(arcs([], (p: Part) => p.v, () => []), []);
});

test("labels have their whole width, or stand above", () => {
  assert.equal(roomFor(330, 950), 330, "a long label beside a wide drawing is whole");
  assert.equal(roomFor(330, 600), 0, "beside a narrower one it goes above");
  assert.equal(roomFor(80, 400), 0, "on a telephone all do");
});

test("two places are read with their names, and nothing else is", () => {
  assert.deepEqual(ends("108.93 34.26 Xi'an|-4.5 -2 Bandar Abbas"), [{ at: [108.93, 34.26], name: "Xi'an" }, { at: [-4.5, -2], name: "Bandar Abbas" }]);
  for (const bad of ["", null, 3, "108.93 34.26 Xi'an", "1 2 A|3 4 B|5 6 C", "181 2 A|3 4 B", "1 91 A|3 4 B", "x 2 A|3 4 B"]) assert.equal(ends(bad), null);
});
