// Ranges: one line for each row, a dot at the value, its interval through it.

import { axisX, gridX, ruleX } from "@observablehq/plot";
import { html, numbers, shorten, svg, widthOf } from "./dom.ts";
import { dot, hasHome, homeLegend, interactive, interval, kindLegend, missingNote, type Point } from "./marks.ts";
import { draw } from "./plot.ts";
import { extent, roomFor } from "./scale.ts";
import { drawn, kindsOf, type Mark, type Table } from "./table.ts";

/** More rows than these are drawn closer and scroll under their axis. */
const many = 40;

type Line = { y: number; height: number } & ({ heading: string } | { mark: Mark });

/** ranges draws the table's column of figures, in the order of its rows. */
export function ranges(table: Table, width: number): Node[] {
  const chart = table.chart!;
  const { marks, missing } = drawn(table, chart.value);
  // A label that has no room beside the lines stands above its own.
  const longest = Math.max(0, ...marks.map((m) => widthOf(m.row.label, 13, m.row.home ? 600 : 400)));
  const room = roomFor(longest, width);
  const narrow = room === 0;
  const tall = marks.length > many;
  const height = narrow ? 40 : tall ? 21 : 28;

  const lines: Line[] = [];
  let y = 0;
  let group: string | undefined;
  for (const mark of marks) {
    if (mark.row.group && mark.row.group !== group && mark.row.group !== mark.row.label) {
      if (lines.length) y += 6;
      lines.push({ y, height: 26, heading: mark.row.group });
      y += 26;
    }
    group = mark.row.group;
    lines.push({ y, height, mark });
    y += height;
  }

  const told = !narrow && width >= 620 ? Math.max(0, ...marks.map((m) => widthOf(m.cell.text, 13, 600))) : 0;
  const left = narrow ? 8 : room + 16;
  const right = told ? told + 20 : 12;
  const domain = extent(marks.map((m) => m.cell), { log: chart.log === true, rank: chart.reverse === true });
  const write = numbers(domain[1]);
  const ticks = Math.max(2, Math.floor((width - left - right) / 90));
  const across = {
    width,
    marginLeft: left,
    marginRight: right,
    x: { type: chart.log ? ("log" as const) : ("linear" as const), domain, nice: !chart.reverse && !chart.log, label: null, axis: null },
  };
  const tickAt = chart.reverse ? ranksFrom(domain, ticks) : chart.log ? powers(domain, ticks) : undefined;
  const scaleTicks = { ticks: tickAt ?? ticks, tickFormat: write, tickSize: 0, stroke: "none", fill: "var(--quiet)" };
  const axis = draw({ ...across, height: 24, marginTop: 22, marginBottom: 0, marks: [axisX({ anchor: "top", fontSize: 13, ...scaleTicks })] }, "");
  axis.setAttribute("aria-hidden", "true");
  axis.removeAttribute("role");

  const points: Point[] = [];
  const body = draw(
    {
      ...across,
      height: y + 4,
      marginTop: 0,
      marginBottom: 4,
      y: { type: "linear", domain: [0, y], range: [0, y], axis: null },
      marks: [
        gridX({ ticks: tickAt ?? ticks, stroke: "var(--rule)", strokeOpacity: 1 }),
        domain[0] < 0 && domain[1] > 0 ? ruleX([0], { stroke: "var(--edge)" }) : null,
        (_index, scales) => {
          const g = svg("g", { "text-anchor": "start" });
          const x = scales.x as (v: number) => number;
          for (const line of lines) {
            if ("heading" in line) {
              g.append(svg("text", { x: narrow ? 0 : 0, y: line.y + 17, "font-weight": 600, fill: "var(--ink)" }, shorten(line.heading, width, 13, 600)));
              continue;
            }
            const { row, cell } = line.mark;
            const colour = row.home ? "var(--sky)" : "var(--ink)";
            const weight = row.home ? 600 : 400;
            const middle = line.y + (narrow ? 28 : height / 2);
            const floor = x.call(null, domain[0]);
            const beyond = chart.log === true && cell.lo < domain[0];
            const lo = beyond ? floor : x(cell.lo);
            const at = chart.log && cell.v < domain[0] ? floor : x(cell.v);
            const point = svg(
              "g",
              { class: "point", "data-href": cell.href },
              svg("rect", { class: "hit", x: 0, y: line.y, width, height: line.height }),
              svg("text", { x: 0, y: narrow ? line.y + 15 : middle + 4.5, "font-weight": weight, fill: colour }, shorten(row.label, narrow ? width - widthOf(cell.text) - 12 : room, 13, weight)),
              interval(cell.kind, lo, x(cell.hi), middle, colour, { lo: beyond }),
              ...(cell.kind === "limits" ? [] : [dot(at, middle, colour, tall ? 3.5 : 4.5)]),
            );
            if (narrow || told) {
              point.append(svg("text", { x: width, y: narrow ? line.y + 15 : middle + 4.5, "text-anchor": "end", fill: row.home ? colour : "var(--quiet)", "font-weight": weight }, cell.text));
            }
            g.append(point);
            points.push({ x: at, y: middle, label: row.group && row.group !== row.label ? `${row.label} · ${row.group}` : row.label, cell, element: point });
          }
          return g;
        },
      ],
    },
    table.summary,
  );
  for (const p of points) p.drawing = body;

  const plot = html("div", { class: tall ? "plot tall" : "plot", role: "group", "aria-label": table.title }, html("div", { class: "axis" }, axis), body);
  interactive(plot, points);
  const legend = html("ul", { class: "legend" });
  if (chart.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  legend.append(...kindLegend(kindsOf(marks), table.labels));
  if (hasHome(marks)) legend.append(homeLegend(table.labels));
  const note = missingNote(missing, table.labels);
  return note ? [legend, plot, note] : [legend, plot];
}

/** ranksFrom returns about n round ranks, the first among them. */
function ranksFrom([first, last]: [number, number], n: number): number[] {
  const step = [1, 2, 5, 10, 20, 25, 50, 100].find((s) => (last - first) / s <= n) ?? 100;
  const out = [first];
  for (let r = Math.ceil((first + step / 2) / step) * step; r <= last; r += step) out.push(r);
  return out;
}

/** powers returns about n round values on a logarithmic axis. */
function powers([first, last]: [number, number], n: number): number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const out: number[] = [];
    for (let p = Math.floor(Math.log10(first)); p <= Math.log10(last); p++) {
      for (const m of steps) if (m * 10 ** p >= first && m * 10 ** p <= last) out.push(m * 10 ** p);
    }
    if (out.length <= n + 1 || steps.length === 1) return out;
  }
  return [];
}

/** showHome scrolls a tall chart to where the home country is in the middle. */
export function showHome(figure: HTMLElement, table: Table): void {
  const plot = figure.querySelector<HTMLElement>(".plot.tall");
  const at = drawn(table, table.chart!.value).marks.findIndex((m) => m.row.home);
  const point = at < 0 ? undefined : figure.querySelectorAll<SVGGElement>(".point")[at];
  if (!plot || !point) return;
  const box = point.getBoundingClientRect();
  plot.scrollTop += box.top + box.height / 2 - plot.getBoundingClientRect().top - plot.clientHeight / 2;
}
