// The one place that calls Observable Plot.

import { plot, type PlotOptions } from "@observablehq/plot";

/**
 * draw returns what Plot draws, with the type of the pages, and without the
 * style element Plot puts in: the content policy refuses it, and chart.css says
 * the same. It is taken out before the drawing enters the page, so nothing is
 * ever refused; what Plot sets on style it sets by property, which is allowed.
 */
export function draw(options: PlotOptions, summary: string): SVGSVGElement {
  const drawing = plot({ ...options, className: "drawing", ariaLabel: summary }) as SVGSVGElement;
  drawing.querySelectorAll("style").forEach((s) => s.remove());
  // The drawing is one image with one description; its parts have none.
  drawing.querySelectorAll("[aria-label], [aria-description]").forEach((e) => ["aria-label", "aria-description"].forEach((name) => e.removeAttribute(name)));
  drawing.setAttribute("role", "img");
  drawing.setAttribute("font-family", '"Plex Sans", system-ui, sans-serif');
  drawing.setAttribute("font-size", "13");
  return drawing;
}
