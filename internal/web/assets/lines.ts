// Lines: series over the years, each in the band of its interval.

import { areaY, axisX, axisY, gridY, lineY, ruleY } from "@observablehq/plot";
import { html, numbers, shorten, svg, widthOf } from "./dom.ts";
import { interactive, type Point } from "./marks.ts";
import { colours } from "./panels.ts";
import { draw } from "./plot.ts";
import { apart, extent } from "./scale.ts";
import { kindsOf, seriesOf, type Series, type Table } from "./table.ts";

/** At most so many lines are drawn; the table has the rest. */
const most = 8;

const dashes = [null, null, "6 3", "2 3", "8 3 2 3", "4 2", "1 3", "10 4"];

interface Styled extends Series {
  colour: string;
  dash: string | null;
}

/** lines draws the table's series, home above the others. */
export function lines(table: Table, width: number): Node[] {
  const chart = table.chart!;
  const all = seriesOf(table);
  const kept = [...all.filter((s) => s.home), ...all.filter((s) => !s.home)].slice(0, most);
  let n = 0;
  const series: Styled[] = kept.map((s) => {
    const k = s.home ? -1 : n++;
    return { ...s, colour: s.home ? "var(--sky)" : (colours[k] ?? "var(--edge)"), dash: s.home ? null : (dashes[k + 1] ?? null) };
  });
  const flat = series.flatMap((s) => s.points.map((p) => ({ s, x: p.x, ...p.mark.cell, mark: p.mark })));
  const narrow = width < 560;
  const height = narrow ? 260 : 360;
  const domain = extent(flat, { log: chart.log === true, rank: chart.reverse === true });
  const write = numbers(domain[1]);
  const named = narrow ? 0 : Math.min(180, Math.max(0, ...series.map((s) => widthOf(s.name, 13, 600))) + 14);
  const tickWidth = Math.max(...[domain[0], domain[1], (domain[0] + domain[1]) / 2].map((v) => widthOf(write(Number(v.toPrecision(2))))));
  const marginLeft = tickWidth + 14;
  const marginRight = named || 10;
  const points: Point[] = [];

  const drawing = draw(
    {
      width,
      height,
      marginLeft,
      marginRight,
      marginTop: 10,
      marginBottom: 28,
      x: { type: "linear", label: null, axis: null },
      y: { type: chart.log ? "log" : "linear", domain, reverse: chart.reverse === true, nice: !chart.log, label: null, axis: null },
      marks: [
        gridY({ ticks: 5, stroke: "var(--rule)", strokeOpacity: 1 }),
        domain[0] < 0 && domain[1] > 0 ? ruleY([0], { stroke: "var(--edge)" }) : null,
        axisX({ ticks: Math.max(2, Math.floor(width / 100)), tickFormat: (v: number) => (Number.isInteger(v) ? String(v) : ""), tickSize: 4, fontSize: 13, fill: "var(--quiet)", stroke: "var(--edge)" }),
        axisY({ ticks: 5, tickFormat: write, tickSize: 0, fontSize: 13, fill: "var(--quiet)", stroke: "none" }),
        ...[...series].reverse().flatMap((s) => {
          const of = flat.filter((p) => p.s === s);
          const floor = (v: number) => (chart.log ? Math.max(v, domain[0]) : v);
          return [
            areaY(of, { x: "x", y1: (d) => floor(d.lo), y2: "hi", fill: s.colour, fillOpacity: s.home ? 0.2 : 0.12 }),
            lineY(of, { x: "x", y: (d) => floor(d.v), stroke: s.colour, strokeWidth: s.home ? 2.5 : 1.75, strokeDasharray: s.dash ?? undefined, strokeLinejoin: "round" }),
          ];
        }),
        (_index, scales) => {
          const x = scales.x as (v: number) => number;
          const y = scales.y as (v: number) => number;
          const g = svg("g", { "text-anchor": "start" });
          const last: { s: Styled; y: number }[] = [];
          for (const s of series) {
            for (const p of s.points) {
              const r = s.points.length <= 12 ? 3 : 0;
              const mark = svg("circle", { class: "symbol", cx: x(p.x), cy: y(p.mark.cell.v), r, fill: s.colour, "pointer-events": "none" });
              g.append(mark);
              points.push({ x: x(p.x), y: y(p.mark.cell.v), label: `${s.name}, ${p.mark.row.label === s.name ? String(p.x) : p.mark.row.label}`, cell: p.mark.cell, element: mark });
            }
            const end = s.points[s.points.length - 1];
            if (end) last.push({ s, y: y(end.mark.cell.v) });
          }
          if (named) {
            const places = apart(last.map((l) => l.y), 17, 10, height - 34);
            last.forEach(({ s, y: from }, i) => {
              const at = places[i]!;
              const end = x(s.points[s.points.length - 1]!.x);
              g.append(
                // Grey and dotted, so that nobody takes it for the series going on.
                svg("path", { class: "leader", d: `M${end + 4},${from}L${width - named + 1},${at}`, stroke: "var(--edge)", "stroke-width": 0.75, "stroke-dasharray": "1 3", fill: "none" }),
                svg("rect", { x: width - named + 3, y: at - 3, width: 6, height: 6, fill: s.colour }),
                svg("text", { x: width - named + 11, y: at + 4.5, fill: s.home ? "var(--sky)" : "var(--ink)", "font-weight": s.home ? 600 : 400 }, shorten(s.name, named - 12)),
              );
            });
          }
          return g;
        },
      ],
    },
    table.summary,
  );
  const plot = html("div", { class: "plot", role: "group", "aria-label": table.title }, drawing);
  interactive(plot, points, 32);

  const legend = html("ul", { class: "legend" });
  if (chart.unit) legend.append(html("li", { class: "unit" }, chart.unit));
  for (const kind of kindsOf(flat.map((p) => p.mark))) {
    const key = svg(
      "svg",
      { width: 26, height: 14, "aria-hidden": "true" },
      svg("rect", { x: 0, y: 1, width: 26, height: 12, fill: "var(--ink)", "fill-opacity": 0.14 }),
      svg("line", { x1: 0, x2: 26, y1: 7, y2: 7, stroke: "var(--ink)", "stroke-width": 2 }),
    );
    legend.append(html("li", {}, key, table.labels["kind." + kind] ?? kind));
  }
  if (!named) {
    for (const s of series) {
      const key = svg("svg", { width: 26, height: 14, "aria-hidden": "true" }, svg("line", { x1: 0, x2: 26, y1: 7, y2: 7, stroke: s.colour, "stroke-width": 2.5, "stroke-dasharray": s.dash }));
      legend.append(html("li", {}, key, s.name));
    }
  }
  const rest = all.length - kept.length;
  return rest > 0 ? [legend, plot, html("p", { class: "chart-note" }, `+ ${rest}: ${all.filter((s) => !kept.includes(s)).map((s) => s.name).join(", ")}`)] : [legend, plot];
}
