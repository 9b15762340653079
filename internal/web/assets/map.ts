// Maps: fills for shares and indices, circles for counts. Value in five bins,
// certainty in three: what is less certain shows fewer bins and more lattice.

import { geoPath, type GeoPermissibleObjects } from "d3-geo";
import type { Feature, Geometry, MultiPoint } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { html, numbers, svg, word } from "./dom.ts";
import { framed, type Point } from "./marks.ts";
import { draw } from "./plot.ts";
import { binOf, breaks, certainty, halfEdge, radius, rounds, shadeOf, type Certainty } from "./scale.ts";
import { drawn, type Cell, type Table } from "./table.ts";

/** The map as the server has it: countries, and the centre of each, the smallest ones included. */
export interface World extends Topology<{ countries: GeometryCollection<{ code?: string }> }> {
  centres: Record<string, [number, number]>;
}

type Country = Feature<Geometry, { code?: string }>;

/** Turned so that the cut runs through the Pacific and no country has a part on either side. */
const rotate: [number, number] = [-11, 0];

/** A map narrower than this is drawn so wide and scrolls. */
const least = 560;

let drawings = 0;

/** map draws the table's column on the world. */
export function map(table: Table, world: World, width: number): Node[] {
  const chart = table.chart!;
  const id = `map${++drawings}`;
  const { marks } = drawn(table, chart.value);
  const outside: string[] = []; // figures of what is not on the map
  const values = marks.map((m) => m.cell.v);
  const signed = marks.some((m) => m.cell.lo < 0);
  const spread = Math.max(...values) - Math.min(...values);
  const classOf = (c: Cell): Certainty => certainty(c, signed, spread);
  const edges = breaks(values);
  const middle = halfEdge(edges);
  const bins = edges.length + 1;
  const fillOf = (c: Cell): string => {
    switch (classOf(c)) {
      case 1:
        return `var(--seq-${shadeOf(binOf(c.v, edges), bins, chart.reverse) + 1})`;
      case 2:
        return `url(#${id}-${c.v >= middle !== (chart.reverse === true) ? "high" : "low"})`;
      case 3:
        return `url(#${id}-lattice)`;
    }
  };
  const byCode = new Map(marks.map((m) => [m.row.key, m]));
  const countries = (feature(world, world.objects.countries) as unknown as { features: Country[] }).features;
  const shaped = new Set(countries.map((c) => c.properties.code));
  const home = marks.find((m) => m.row.home)?.row.key ?? document.body.dataset.home ?? document.documentElement.dataset.home;

  let homeAt: number | undefined; // from the left
  const wide = Math.max(width, least);
  const points: Point[] = [];
  const largest = Math.min(40, wide / 24);
  const max = Math.max(0, ...values);
  const drawing = draw(
    {
      width: wide,
      height: Math.round(wide * 0.455),
      margin: 0,
      projection: { type: "equal-earth", rotate, domain: frame(), inset: 2, clip: false },
      marks: [
        (_index, _scales, _values, _dimensions, context) => {
          const path = geoPath(context.projection as Parameters<typeof geoPath>[0]);
          const g = svg("g", { "stroke-linejoin": "round" });
          g.append(patterns(id));
          homeAt = home ? place(path, world.centres[home])?.[0] : undefined;
          const onTop: Element[] = [];
          for (const c of countries) {
            const code = c.properties.code;
            const mark = code ? byCode.get(code) : undefined;
            const isHome = code !== undefined && code === home;
            const fill = chart.symbols ? (isHome ? "var(--sky)" : "var(--faint)") : mark ? fillOf(mark.cell) : `url(#${id}-none)`;
            const shape = svg("path", {
              class: "shape",
              d: path(c as GeoPermissibleObjects),
              fill,
              "fill-opacity": chart.symbols && isHome ? 0.45 : null,
              stroke: chart.symbols ? "var(--paper)" : isHome ? "var(--sky)" : "var(--edge)",
              "stroke-width": !chart.symbols && isHome ? 2.5 : 0.5,
            });
            g.append(shape);
            if (isHome && !chart.symbols) onTop.push(shape);
            if (mark && code && !chart.symbols) {
              const [x, y] = place(path, world.centres[code]) ?? path.centroid(c as GeoPermissibleObjects);
              points.push({ x, y, label: mark.row.label, cell: mark.cell, element: shape });
            }
          }
          g.append(...onTop);
          // Circles: every count, or the countries too small to have a shape.
          const circled = marks.filter((m) => chart.symbols || !shaped.has(m.row.key));
          for (const m of [...circled].sort((a, b) => b.cell.v - a.cell.v)) {
            const at = place(path, world.centres[m.row.key]);
            if (!at) {
              outside.push(`${m.row.label} ${m.cell.text}`);
              continue;
            }
            const r = chart.symbols ? Math.max(2, radius(m.cell.v, max, largest)) : 3.5;
            const circle = svg("circle", {
              class: "symbol",
              cx: at[0],
              cy: at[1],
              r,
              fill: chart.symbols ? symbolFill(id, classOf(m.cell)) : fillOf(m.cell),
              "fill-opacity": chart.symbols ? 0.85 : null,
              stroke: chart.symbols ? "var(--ring)" : "var(--edge)",
              "stroke-width": 1,
              "data-strong": chart.symbols ? "true" : null,
            });
            g.append(circle);
            points.push({ x: at[0], y: at[1], label: m.row.label, cell: m.cell, element: circle });
          }
          return g;
        },
      ],
    },
    table.summary,
  );
  const { plot, scroller } = framed(table, drawing, points, wide > width);
  if (wide > width) {
    requestAnimationFrame(() => (scroller.scrollLeft = (homeAt ?? wide * 0.66) - width / 2));
  }

  const present = new Set(marks.map((m) => classOf(m.cell)));
  const legend = chart.symbols ? symbolLegend(table, id, max, largest, present) : fillLegend(table, id, edges, values, present, signed, chart.reverse === true);
  const notes: Node[] = [];
  if (outside.length) notes.push(html("p", { class: "chart-note" }, (table.labels.offmap ? table.labels.offmap + ": " : "") + outside.join("; ")));
  if (table.labels.borders) notes.push(html("p", { class: "chart-note" }, table.labels.borders));
  return [legend, plot, ...notes];
}

/** frame returns points at the edges of the inhabited world, which the map is fitted to. */
function frame(): MultiPoint {
  const coordinates: [number, number][] = [];
  const [turn] = rotate;
  for (const lat of [-55, 0, 83.5]) {
    for (const lon of [-179.9, -90, 0, 90, 179.9]) coordinates.push([((lon - turn + 540) % 360) - 180, lat]);
  }
  return { type: "MultiPoint", coordinates };
}

function place(path: ReturnType<typeof geoPath>, centre: [number, number] | undefined): [number, number] | null {
  if (!centre) return null;
  const at = path.centroid({ type: "Point", coordinates: centre });
  return Number.isFinite(at[0]) ? at : null;
}

function symbolFill(id: string, c: Certainty): string {
  return c === 1 ? "var(--dot)" : c === 2 ? `url(#${id}-high)` : `url(#${id}-lattice)`;
}

/** patterns returns the fills that are not one colour: dots for no data, one set of slats for middling, the lattice for uncertain. */
function patterns(id: string): SVGDefsElement {
  const tile = (name: string, size: number, background: string, ...inside: SVGElement[]) =>
    svg("pattern", { id: `${id}-${name}`, width: size, height: size, patternUnits: "userSpaceOnUse" }, svg("rect", { width: size, height: size, fill: background }), ...inside);
  const slats = (size: number) => svg("path", { d: `M-1,${size + 1}L${size + 1},-1M-1,1L1,-1M${size - 1},${size + 1}L${size + 1},${size - 1}`, stroke: "var(--paper)", "stroke-opacity": 0.75, "stroke-width": 1, fill: "none" });
  const lattice = (size: number) => svg("path", { d: `M0,0L${size},${size}M${size},0L0,${size}`, stroke: "var(--hatch)", "stroke-width": 0.9, fill: "none" });
  return svg(
    "defs",
    {},
    tile("none", 5, "var(--paper)", svg("circle", { cx: 2.5, cy: 2.5, r: 0.6, fill: "var(--edge)" })),
    tile("low", 6, "var(--half-1)", slats(6)),
    tile("high", 6, "var(--half-2)", slats(6)),
    tile("lattice", 6, "var(--faint)", lattice(6)),
  );
}

/** classed returns the name of a class of certainty, and how far apart its ends are, the high over the low. */
function classed(name: string, ratio: string): (string | Node)[] {
  if (!ratio) return [name];
  return [name, html("bdi", { dir: "ltr" }, name ? `(${ratio})` : ratio)];
}

/** fillLegend returns the key of a map of fills: the bins of each class of certainty, and no data. */
function fillLegend(table: Table, id: string, edges: number[], values: number[], present: Set<Certainty>, signed: boolean, reverse: boolean): HTMLElement {
  const { labels, chart } = table;
  const write = numbers(Math.max(...values.map(Math.abs), 0));
  const swatch = (fill: string, wide = 48) => svg("svg", { width: wide, height: 14, "aria-hidden": "true" }, svg("rect", { x: 0.5, y: 0.5, width: wide - 1, height: 13, fill, stroke: "var(--edge)" }));
  const legend = html("ul", { class: "legend" });
  if (chart?.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  if (present.has(1) && values.length) {
    const bins = edges.length + 1;
    const unit = 52;
    const key = svg("svg", { width: unit * bins + 2, height: 30, "aria-hidden": "true", "font-size": 12, fill: "var(--quiet)", "text-anchor": "middle", direction: "ltr" });
    for (let b = 0; b < bins; b++) key.append(svg("rect", { x: unit * b + 0.5, y: 0.5, width: unit, height: 13, fill: `var(--seq-${shadeOf(b, bins, reverse) + 1})`, stroke: "var(--edge)" }));
    edges.forEach((e, i) => key.append(svg("text", { x: unit * (i + 1), y: 27 }, write(e))));
    legend.append(html("li", {}, key, ...classed(labels.certain ?? "certain", signed ? "" : "< 1.5")));
  }
  if (present.has(2)) {
    const low = swatch(`url(#${id}-low)`, 40);
    const high = swatch(`url(#${id}-high)`, 40);
    legend.append(html("li", {}, ...(reverse ? [high, low] : [low, high]), ...classed(labels.middling ?? "", signed ? "" : "1.5–3")));
  }
  if (present.has(3)) legend.append(html("li", {}, swatch(`url(#${id}-lattice)`, 40), ...classed(labels.uncertain ?? "uncertain", signed ? "" : "> 3")));
  legend.append(html("li", {}, swatch(`url(#${id}-none)`, 40), labels.nodata ?? word("nodata", "no data")));
  return legend;
}

/** symbolLegend returns the key of a map of circles: sizes, and classes of certainty. */
function symbolLegend(table: Table, id: string, max: number, largest: number, present: Set<Certainty>): HTMLElement {
  const { labels, chart } = table;
  const legend = html("ul", { class: "legend" });
  if (chart?.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  const sizes = rounds(max);
  const write = numbers(max);
  if (sizes.length) {
    const r0 = radius(sizes[0]!, max, largest);
    const key = svg("svg", { width: 2 * r0 + 70, height: 2 * r0 + 12, "font-size": 12, "aria-hidden": "true" });
    let above = -Infinity;
    for (const s of sizes) {
      const r = Math.max(2, radius(s, max, largest));
      const top = Math.max(2 * r0 - 2 * r + 6, above + 13);
      above = top;
      key.append(
        svg("circle", { cx: r0 + 1, cy: 2 * r0 - r + 6, r, fill: "none", stroke: "var(--seq-4)" }),
        svg("path", { d: `M${r0 + 1},${2 * r0 - 2 * r + 6}L${2 * r0 + 4},${top}H${2 * r0 + 10}`, fill: "none", stroke: "var(--edge)", "stroke-width": 0.5 }),
        svg("text", { x: 2 * r0 + 13, y: top + 4, fill: "var(--quiet)" }, write(s)),
      );
    }
    legend.append(html("li", {}, key));
  }
  const names: Record<Certainty, (string | Node)[]> = {
    1: classed(labels.certain ?? "certain", "< 1.5"),
    2: classed(labels.middling ?? "", "1.5–3"),
    3: classed(labels.uncertain ?? "uncertain", "> 3"),
  };
  for (const c of [1, 2, 3] as Certainty[]) {
    if (present.has(c)) legend.append(html("li", {}, svg("svg", { width: 18, height: 18, "aria-hidden": "true" }, svg("circle", { cx: 9, cy: 9, r: 8, fill: symbolFill(id, c), stroke: "var(--ring)" })), ...names[c]));
  }
  return legend;
}
