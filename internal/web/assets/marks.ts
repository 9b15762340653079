// What every chart is made of: dots with their ranges, the caps that tell the
// kinds of interval apart, the legend, and points that answer to a pointer and
// to arrow keys.

import { announce, html, svg } from "./dom.ts";
import type { Cell, Mark, Table } from "./table.ts";

/** A Point is a mark with its place in the drawing. */
export interface Point {
  x: number;
  y: number;
  label: string;
  cell: Cell;
  /** what lights up with it */
  element?: Element;
  /** which of the plot's drawings it is in; its first unless said */
  drawing?: SVGSVGElement;
}

/**
 * interval returns the line from one end to the other at height y, with the
 * caps of its kind:
 *
 *	confidence  upright strokes    spread   open circles
 *	credible    full circles       bounds   heavy strokes
 *	judged      brackets           varied   slanted strokes
 *	printed     none, and the line is dotted
 *	limits      double thin strokes, and no dot: no value is known
 *
 * A count has no line. An end that lies beyond the axis has no cap.
 */
export function interval(kind: string, x1: number, x2: number, y: number, colour: string, open: { lo?: boolean; hi?: boolean } = {}): SVGGElement {
  const g = svg("g", { stroke: colour, fill: "none", "stroke-width": 1.5 });
  if (kind === "counted") return g;
  g.append(svg("line", { x1, x2, y1: y, y2: y, "stroke-dasharray": kind === "printed" ? "1.5 2.5" : null }));
  const ends: [number, number][] = [];
  if (!open.lo) ends.push([x1, 1]);
  if (!open.hi) ends.push([x2, -1]);
  for (const [x, inward] of ends) {
    switch (kind) {
      case "confidence":
        g.append(svg("path", { d: `M${x},${y - 4}v8` }));
        break;
      case "credible":
        g.append(svg("circle", { cx: x, cy: y, r: 2.25, fill: colour, stroke: "none" }));
        break;
      case "judged":
        g.append(svg("path", { d: `M${x + 3 * inward},${y - 4}H${x}v8h${3 * inward}` }));
        break;
      case "spread":
        g.append(svg("circle", { cx: x, cy: y, r: 2.5, fill: "var(--paper)" }));
        break;
      case "bounds":
        g.append(svg("path", { d: `M${x},${y - 5}v10`, "stroke-width": 3 }));
        break;
      case "limits":
        g.append(svg("path", { d: `M${x},${y - 5}v10M${x + 2 * inward},${y - 2}v4`, "stroke-width": 1 }));
        break;
      case "varied":
        g.append(svg("path", { d: `M${x - 2.5},${y + 4.5}l5,-9` }));
        break;
    }
  }
  return g;
}

/** dot returns the mark of a value. */
export function dot(x: number, y: number, colour: string, r = 4): SVGCircleElement {
  return svg("circle", { class: "dot", cx: x, cy: y, r, fill: colour, stroke: "var(--paper)", "stroke-width": 1 });
}

/** kindLegend returns one entry for each kind of interval drawn. */
export function kindLegend(kinds: string[], labels: Record<string, string>): HTMLLIElement[] {
  return kinds.map((kind) => {
    const key = svg("svg", { width: 34, height: 14, "aria-hidden": "true" }, interval(kind, 4, 30, 7, "var(--ink)"), ...(kind === "limits" ? [] : [dot(17, 7, "var(--ink)", 3.5)]));
    return html("li", {}, key, labels["kind." + kind] ?? kind);
  });
}

/** homeLegend returns the entry of the home country. */
export function homeLegend(labels: Record<string, string>): HTMLLIElement {
  return html("li", {}, svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, dot(7, 7, "var(--sky)", 5)), labels.home ?? "home");
}

/** missingNote returns a line that names what has no figure, or null if nothing lacks one. */
export function missingNote(missing: string[], labels: Record<string, string>): HTMLElement | null {
  if (missing.length === 0) return null;
  const named = missing.slice(0, 8).join(", ") + (missing.length > 8 ? ", + " + (missing.length - 8) : "");
  return html("p", { class: "chart-note" }, `${labels.nodata ?? "no data"}: ${named}`);
}

/** hasHome reports whether a mark is of the home country. */
export function hasHome(marks: Mark[]): boolean {
  return marks.some((m) => m.row.home);
}

/**
 * interactive makes points answer: resting on one shows its figure, a click or
 * Enter opens its lineage, arrow keys walk from one to the next. A pointer not
 * on an element of a point takes the nearest within `reach` pixels.
 */
export function interactive(plot: HTMLElement, points: Point[], reach = 0): void {
  if (points.length === 0) return;
  const tip = html("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  plot.append(tip);
  plot.tabIndex = 0;
  const elements = new Map<Element, Point>();
  for (const p of points) if (p.element) elements.set(p.element, p);
  const first = plot.querySelector("svg")!;
  let shown: Point | null = null;

  // at returns where a point is within the plot, whatever its drawing is scaled to.
  const at = (p: Point): [number, number, number] => {
    const drawing = p.drawing ?? first;
    const box = drawing.getBoundingClientRect();
    const frame = plot.getBoundingClientRect();
    const scale = box.width / (drawing.viewBox.baseVal.width || box.width);
    return [box.left - frame.left + plot.scrollLeft + p.x * scale, box.top - frame.top + plot.scrollTop + p.y * scale, scale];
  };
  const show = (p: Point | null) => {
    if (p === shown) return;
    shown?.element?.classList.remove("lit");
    shown = p;
    if (!p) {
      tip.hidden = true;
      delete plot.dataset.href;
      return;
    }
    p.element?.classList.add("lit");
    if (p.cell.href) plot.dataset.href = p.cell.href;
    else delete plot.dataset.href;
    tip.replaceChildren(html("strong", {}, p.label), html("span", { dir: "auto" }, p.cell.text));
    tip.hidden = false;
    const [x, y] = at(p);
    const left = Math.max(0, Math.min(x - tip.offsetWidth / 2, plot.clientWidth - tip.offsetWidth));
    const above = y - tip.offsetHeight - 12;
    tip.style.setProperty("left", `${left}px`);
    tip.style.setProperty("top", `${above < plot.scrollTop ? y + 14 : above}px`);
  };
  const under = (e: MouseEvent): Point | null => {
    for (let t = e.target as Element | null; t && t !== plot; t = t.parentElement) {
      const p = elements.get(t);
      if (p) return p;
    }
    if (reach === 0) return null;
    let best: Point | null = null;
    let nearest = reach;
    const frame = plot.getBoundingClientRect();
    for (const p of points) {
      const [x, y] = at(p);
      const d = Math.hypot(e.clientX - frame.left + plot.scrollLeft - x, e.clientY - frame.top + plot.scrollTop - y);
      if (d < nearest) [best, nearest] = [p, d];
    }
    return best;
  };
  const open = (p: Point, apart: boolean) => {
    if (!p.cell.href) return;
    if (apart) window.open(p.cell.href, "_blank", "noopener");
    else if (plot.dispatchEvent(new CustomEvent("shanyraq:lineage", { bubbles: true, cancelable: true, detail: p.cell.href }))) location.assign(p.cell.href);
  };

  plot.addEventListener("pointermove", (e) => {
    const p = under(e);
    show(p);
    plot.style.setProperty("cursor", p?.cell.href ? "pointer" : "auto");
  });
  plot.addEventListener("pointerleave", () => show(null));
  plot.addEventListener("blur", () => show(null));
  plot.addEventListener("click", (e) => {
    const p = under(e);
    if (p) open(p, e.ctrlKey || e.metaKey);
  });
  plot.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
    if (step !== undefined && !e.altKey && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      const now = shown ? points.indexOf(shown) : step > 0 ? -1 : points.length;
      const next = points[Math.max(0, Math.min(points.length - 1, now + step))]!;
      (next.element ?? first).scrollIntoView({ block: "nearest", inline: "nearest" });
      show(next);
      announce(`${next.label}: ${next.cell.text}`);
    } else if (e.key === "Enter" && shown) {
      e.preventDefault();
      open(shown, e.ctrlKey || e.metaKey);
    } else if (e.key === "Escape" && shown) {
      e.stopPropagation();
      show(null);
    }
  });
}

/**
 * framed returns a drawing with its points in a plot that scrolls if the drawing
 * is wider than the page; arrow keys walk from the largest.
 */
export function framed(table: Table, drawing: SVGSVGElement, points: Point[], scrolls: boolean): { plot: HTMLElement; scroller: HTMLElement } {
  for (const p of points) p.drawing = drawing;
  points.sort((a, b) => b.cell.v - a.cell.v);
  const scroller = html("div", { class: "wide", tabindex: scrolls ? 0 : null, role: scrolls ? "group" : null, "aria-label": scrolls ? table.title : null }, drawing);
  const plot = html("div", { class: "plot", role: "group", "aria-label": table.title }, scroller);
  interactive(plot, points, 10);
  return { plot, scroller };
}
