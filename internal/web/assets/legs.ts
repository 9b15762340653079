// Legs: a network of places on the part of the world it covers. Legs with a
// figure are drawn in its weight, those of home in its colour, all others thin.

import { geoPath, type GeoPermissibleObjects } from "d3-geo";
import type { Feature, Geometry, MultiPoint } from "geojson";
import { feature } from "topojson-client";
import { html, svg, widthOf } from "./dom.ts";
import type { World } from "./map.ts";
import { framed, type Point } from "./marks.ts";
import { draw } from "./plot.ts";
import { ends } from "./scale.ts";
import { cellOf, type Table } from "./table.ts";

/** A drawing narrower than this is drawn so wide and scrolls. */
const least = 640;

/** legs draws the rows that say where they lie, in a column "at" of two places and their names. */
export function legs(table: Table, world: World, width: number): Node[] {
  const chart = table.chart!;
  const rows = table.rows.flatMap((row) => {
    const at = ends(row.cells.at);
    return at ? [{ row, at, cell: cellOf(row, chart.value) }] : [];
  });
  const max = Math.max(0, ...rows.map((r) => r.cell?.v ?? 0));
  const wide = Math.max(width, least);
  const frame: MultiPoint = { type: "MultiPoint", coordinates: rows.flatMap((r) => r.at.map((p) => p.at)) };
  const countries = (feature(world, world.objects.countries) as unknown as { features: Feature<Geometry>[] }).features;
  const points: Point[] = [];
  const drawing = draw(
    {
      width: wide,
      height: Math.round(wide * 0.5),
      margin: 0,
      projection: { type: "equal-earth", rotate: [-60, 0], domain: frame, inset: 36, clip: "frame" },
      marks: [
        (_index, _scales, _values, _dimensions, context) => {
          const path = geoPath(context.projection as Parameters<typeof geoPath>[0]);
          const place = (at: [number, number]) => path.centroid({ type: "Point", coordinates: at });
          const g = svg("g", { "stroke-linejoin": "round", "stroke-linecap": "round" });
          for (const c of countries) g.append(svg("path", { d: path(c as GeoPermissibleObjects), fill: "var(--faint)", stroke: "var(--paper)", "stroke-width": 0.75 }));
          // Those of home above those with a figure, and these above the others.
          const weight = (r: (typeof rows)[number]) => (r.row.home ? 2 : r.cell ? 1 : 0);
          const named = new Map<string, { x: number; y: number; strong: boolean }>();
          for (const r of [...rows].sort((a, b) => weight(a) - weight(b))) {
            const [from, to] = r.at.map((p) => place(p.at)) as [[number, number], [number, number]];
            const thick = r.cell ? 1.5 + (max > 0 ? (5.5 * Math.max(0, r.cell.v)) / max : 0) : 1;
            const line = svg("path", {
              class: "shape",
              d: `M${from[0].toFixed(1)},${from[1].toFixed(1)}L${to[0].toFixed(1)},${to[1].toFixed(1)}`,
              fill: "none",
              stroke: r.row.home ? "var(--sky)" : r.cell ? "var(--ink)" : "var(--edge)",
              "stroke-width": r.row.home ? Math.max(2.5, thick) : thick,
            });
            g.append(line);
            if (r.cell) points.push({ x: (from[0] + to[0]) / 2, y: (from[1] + to[1]) / 2, label: r.row.label, cell: r.cell, element: line });
            const strong = r.row.home === true || (r.cell?.v ?? 0) > 0;
            for (const [i, at] of [from, to].entries()) {
              const name = r.at[i]!.name;
              named.set(name, { x: at[0], y: at[1], strong: strong || named.get(name)?.strong === true });
            }
          }
          const taken: [number, number, number, number][] = [];
          for (const [name, n] of [...named].sort((a, b) => Number(b[1].strong) - Number(a[1].strong))) {
            g.append(svg("circle", { cx: n.x, cy: n.y, r: n.strong ? 3 : 2, fill: n.strong ? "var(--ink)" : "var(--edge)", stroke: "var(--paper)", "stroke-width": 1, "pointer-events": "none" }));
            const w = widthOf(name, 12);
            const x = n.x + 6 + w > wide - 4 ? n.x - 6 - w : n.x + 6;
            const box: [number, number, number, number] = [x, n.y - 10, x + w, n.y + 5];
            if (taken.some((t) => box[0] < t[2] && t[0] < box[2] && box[1] < t[3] && t[1] < box[3])) continue; // the table has them all
            taken.push(box);
            g.append(svg("text", { x, y: n.y + 4, "font-size": 12, fill: n.strong ? "var(--ink)" : "var(--quiet)", stroke: "var(--paper)", "stroke-width": 3, "paint-order": "stroke", "pointer-events": "none" }, name));
          }
          return g;
        },
      ],
    },
    table.summary,
  );
  const { plot } = framed(table, drawing, points, wide > width);
  const legend = html("ul", { class: "legend" });
  if (chart.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  const notes = table.labels.borders ? [html("p", { class: "chart-note" }, table.labels.borders)] : [];
  return [legend, plot, ...notes];
}
