// Panels: one small chart for each group, all on one scale.

import { axisX, gridX } from "@observablehq/plot";
import { html, numbers, shorten, svg, widthOf } from "./dom.ts";
import { dot, interactive, interval, kindLegend, type Point } from "./marks.ts";
import { draw } from "./plot.ts";
import { extent } from "./scale.ts";
import { cellOf, drawn, kindsOf, type Row, type Table } from "./table.ts";

/** The colours of series other than home, in order; what comes after them is grey and has its label. */
export const colours = ["var(--apricot)", "var(--madder)", "var(--wormwood)", "var(--plum)", "var(--coal)"];

/** panels draws a panel for each group of rows, each row at the same height in every panel. */
export function panels(table: Table, width: number): Node[] {
  const chart = table.chart!;
  const { marks } = drawn(table, chart.value);
  const groups = new Map<string, Row[]>();
  for (const row of table.rows) {
    const name = row.group ?? "";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const names = [...new Set(table.rows.map((r) => r.label))];
  const others = names.filter((n) => !table.rows.some((r) => r.label === n && r.home));
  const colourOf = (row: Row) => (row.home ? "var(--sky)" : (colours[others.indexOf(row.label)] ?? "var(--edge)"));

  const columns = Math.max(1, Math.floor((width + 32) / (288 + 32)));
  const each = Math.floor((width - 32 * (columns - 1)) / columns);
  const left = Math.min(Math.max(0, ...names.map((n) => widthOf(n))), each * 0.36) + 12;
  const height = 24;
  const domain = extent(marks.map((m) => m.cell), { share: true });
  const write = numbers(domain[1]);

  const grid = html("div", { class: "panels" });
  const points: Point[] = [];
  for (const [group, rows] of groups) {
    const bottom = rows.length * height;
    const inPanel: Point[] = [];
    const drawing = draw(
      {
        width: each,
        height: bottom + 24,
        marginLeft: left,
        marginRight: 14,
        marginTop: 2,
        marginBottom: 22,
        x: { domain, label: null, axis: null },
        y: { type: "linear", domain: [0, bottom], range: [2, bottom + 2], axis: null },
        marks: [
          gridX({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
          axisX({ ticks: 4, tickSize: 0, tickFormat: write, fontSize: 13, fill: "var(--quiet)" }),
          (_index, scales) => {
            const g = svg("g", { "text-anchor": "start" });
            const x = scales.x as (v: number) => number;
            rows.forEach((row, i) => {
              const y = 2 + height * (i + 0.5);
              const cell = cellOf(row, chart.value);
              const label = svg("text", { x: 0, y: y + 4.5, fill: row.home ? "var(--sky)" : cell ? "var(--ink)" : "var(--quiet)" }, shorten(row.label, left - 10));
              if (!cell) {
                g.append(label, svg("text", { x: left + 4, y: y + 4.5, fill: "var(--quiet)" }, table.labels.nodata ?? "no data"));
                return;
              }
              const colour = colourOf(row);
              const point = svg(
                "g",
                { class: "point", "data-href": cell.href },
                svg("rect", { class: "hit", x: 0, y: y - height / 2, width: each, height }),
                label,
                interval(cell.kind, x(cell.lo), x(cell.hi), y, colour),
                dot(x(cell.v), y, colour, 5),
              );
              g.append(point);
              inPanel.push({ x: x(cell.v), y, label: group ? `${row.label} · ${group}` : row.label, cell, element: point });
            });
            return g;
          },
        ],
      },
      `${group}: ` + rows.map((r) => `${r.label} ${cellOf(r, chart.value)?.text ?? table.labels.nodata ?? "no data"}`).join("; "),
    );
    for (const p of inPanel) p.drawing = drawing;
    points.push(...inPanel);
    grid.append(html("div", {}, html("h3", {}, group), drawing));
  }
  const plot = html("div", { class: "plot", role: "group", "aria-label": table.summary }, grid);
  interactive(plot, points);
  const legend = html("ul", { class: "legend" });
  if (chart.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  legend.append(...kindLegend(kindsOf(marks), table.labels));
  return [legend, plot];
}
