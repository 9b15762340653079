// Sunburst: a tree of parts as rings, each part as wide as its share.

import { html, shorten, svg, widthOf } from "./dom.ts";
import { interactive, type Point } from "./marks.ts";
import { colours } from "./panels.ts";
import { arcs } from "./scale.ts";
import { drawn, type Mark, type Table } from "./table.ts";

/** ring returns the outline of an arc between two radii, angles in turns from the top. */
function ring(from: number, to: number, inner: number, outer: number): string {
  const at = (turn: number, r: number) => `${(r * Math.sin(2 * Math.PI * turn)).toFixed(2)},${(-r * Math.cos(2 * Math.PI * turn)).toFixed(2)}`;
  if (to - from > 0.9999) {
    // A whole circle has no ends to draw between.
    return `M${at(0, outer)}A${outer},${outer} 0 1 1 ${at(0.5, outer)}A${outer},${outer} 0 1 1 ${at(1, outer)}M${at(0, inner)}A${inner},${inner} 0 1 0 ${at(0.5, inner)}A${inner},${inner} 0 1 0 ${at(1, inner)}Z`;
  }
  const large = to - from > 0.5 ? 1 : 0;
  return `M${at(from, outer)}A${outer},${outer} 0 ${large} 1 ${at(to, outer)}L${at(to, inner)}A${inner},${inner} 0 ${large} 0 ${at(from, inner)}Z`;
}

/** wrap returns a name in lines no wider than the room, a word too wide cut short. */
function wrap(name: string, room: number): string[] {
  const out: string[] = [];
  for (const word of name.split(" ")) {
    const last = out[out.length - 1];
    if (last !== undefined && widthOf(last + " " + word) <= room) out[out.length - 1] = last + " " + word;
    else out.push(shorten(word, room));
  }
  return out;
}

/** sunburst draws the rows as rings around the title, a row in the ring outside the one it is part of. */
export function sunburst(table: Table, width: number): Node[] {
  const chart = table.chart!;
  const { marks } = drawn(table, chart.value);
  const known = new Set(marks.map((m) => m.row.label));
  const tops = marks.filter((m) => !m.row.group || !known.has(m.row.group));
  const parts = (m: Mark) => marks.filter((o) => o.row.group === m.row.label);
  const laid = arcs(tops, (m) => m.cell.v, parts);
  const rings = 1 + Math.max(0, ...laid.map((a) => a.ring));
  const size = Math.min(width, 460);
  const middle = size * 0.14;
  const thick = (size / 2 - middle - 1) / rings;
  const topOf = (m: Mark): Mark => {
    const above = marks.find((o) => o.row.label === m.row.group);
    return above ? topOf(above) : m;
  };
  const names = tops.map((m) => m.row.key);
  const colourOf = (m: Mark) => ["var(--sky)", ...colours][names.indexOf(topOf(m).row.key)] ?? "var(--edge)";

  const drawing = svg("svg", { width: size, height: size, viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, role: "img", "aria-label": table.summary });
  const points: Point[] = [];
  const texts: SVGTextElement[] = [];
  for (const a of laid) {
    const inner = middle + thick * a.ring;
    const outer = inner + thick - 1;
    const shape = svg("path", { class: "shape", d: ring(a.from, a.to, inner, outer), fill: colourOf(a.of), "fill-opacity": 0.5 * 0.6 ** a.ring, stroke: "var(--paper)", "stroke-width": 1.5, "data-href": a.of.cell.href });
    drawing.append(shape);
    const turn = (a.from + a.to) / 2;
    const r = (inner + outer) / 2;
    const x = r * Math.sin(2 * Math.PI * turn);
    const y = -r * Math.cos(2 * Math.PI * turn);
    points.push({ x: x + size / 2, y: y + size / 2, label: a.of.row.label, cell: a.of.cell, element: shape });
    // Across, a name has the ring's thickness beside the middle and the arc's length above and below it.
    const sin = Math.abs(Math.sin(2 * Math.PI * turn));
    const cos = Math.abs(Math.cos(2 * Math.PI * turn));
    const length = 2 * Math.PI * r * (a.to - a.from);
    const room = Math.min(thick / Math.max(sin, 0.01), length / Math.max(cos, 0.01)) - 10;
    const high = Math.min(thick / Math.max(cos, 0.01), length / Math.max(sin, 0.01)) - 6;
    const all = wrap(a.of.row.label, room);
    const shown = all.slice(0, Math.max(0, Math.floor(high / 15)));
    if (room < 30 || shown.length === 0) continue;
    if (shown.length < all.length) shown[shown.length - 1] = shorten(shown[shown.length - 1]! + " " + all[shown.length]!, room);
    shown.forEach((line, i) => texts.push(svg("text", { x, y: y + 4 + 15 * (i - (shown.length - 1) / 2), "text-anchor": "middle", fill: "var(--ink)", class: "burst", "aria-hidden": "true" }, line)));
  }
  drawing.append(...texts);
  const plot = html("div", { class: "plot burst", role: "group", "aria-label": table.summary }, drawing);
  interactive(plot, points);
  // Names that do not fit stand beside, in the order of the rings.
  const legend = html("ul", { class: "legend" });
  if (chart.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  for (const m of tops) {
    const key = svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, svg("rect", { x: 1, y: 1, width: 12, height: 12, fill: colourOf(m), "fill-opacity": 0.5 }));
    legend.append(html("li", {}, key, widthOf(m.row.label) > width ? shorten(m.row.label, width) : m.row.label));
  }
  return [legend, plot];
}
