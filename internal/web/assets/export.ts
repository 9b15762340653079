// Downloads of what is drawn, as SVG or PNG: the drawings, their legend, a
// title and where it is from, with every colour written out.

import { html, svg } from "./dom.ts";

/** The properties a drawing takes from the page's style. */
const properties = ["fill", "stroke", "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor", "opacity"];

const family = "'IBM Plex Sans', 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** copy returns a drawing that needs no style sheet. */
function copy(drawing: SVGSVGElement): SVGSVGElement {
  const out = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")];
  const to = [out, ...out.querySelectorAll("*")];
  from.forEach((e, i) => {
    const style = getComputedStyle(e);
    const target = to[i]!;
    for (const p of properties) {
      const has = e.getAttribute(p);
      if (has === null && p !== "fill" && p !== "font-size") continue;
      const value = style.getPropertyValue(p);
      if (value && !(e instanceof SVGSVGElement && p === "fill")) target.setAttribute(p, value.replaceAll(/url\("?[^"#]*(#[^")]+)"?\)/g, "url($1)"));
    }
    for (const name of ["style", "class", "data-href", "aria-hidden"]) target.removeAttribute(name);
    if (target.getAttribute("class") === null && e.classList.contains("hit")) target.setAttribute("fill", "none");
  });
  out.removeAttribute("font-family");
  return out;
}

/** compose returns one drawing of everything in the figure, as it is laid out on the page. */
function compose(figure: HTMLElement, title: string): SVGSVGElement {
  const page = getComputedStyle(document.documentElement);
  const colour = (name: string) => page.getPropertyValue(name).trim();
  const tall = figure.querySelector<HTMLElement>(".plot.tall");
  const limits = tall && { block: tall.style.maxHeight, top: tall.scrollTop };
  tall?.style.setProperty("max-height", "none"); // the whole of it, not what is scrolled to
  const box = figure.getBoundingClientRect();
  const pad = 24;
  const head = 36;
  const width = Math.ceil(box.width) + 2 * pad;
  const height = Math.ceil(box.height) + head + 2 * pad + 24;
  const out = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": family, "font-size": 13, fill: colour("--ink") });
  out.append(svg("rect", { width, height, fill: colour("--paper") }));
  out.append(svg("text", { x: pad, y: pad + 16, "font-size": 18, "font-weight": 600 }, title));
  const place = (r: DOMRect): [number, number] => [r.left - box.left + pad, r.top - box.top + pad + head];
  for (const drawing of figure.querySelectorAll("svg")) {
    const r = drawing.getBoundingClientRect();
    const [x, y] = place(r);
    const c = copy(drawing);
    for (const [name, value] of Object.entries({ x, y, width: r.width, height: r.height, overflow: "visible" })) c.setAttribute(name, String(value));
    out.append(c);
  }
  // Words between the drawings: legends, headings of panels, notes.
  const words = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
  for (let t = words.nextNode(); t; t = words.nextNode()) {
    const parent = t.parentElement!;
    if (!t.textContent?.trim() || parent.closest("svg, .tip, button")) continue;
    const span = document.createRange();
    span.selectNodeContents(t);
    const r = span.getBoundingClientRect();
    const [x, y] = place(r);
    const style = getComputedStyle(parent);
    out.append(svg("text", { x, y: y + r.height / 2 + 4.5, "font-size": style.fontSize, "font-weight": style.fontWeight, fill: style.color }, t.textContent.trim()));
  }
  out.append(svg("text", { x: pad, y: height - 14, "font-size": 11, fill: colour("--quiet") }, location.href));
  if (tall && limits) {
    tall.style.setProperty("max-height", limits.block);
    tall.scrollTop = limits.top;
  }
  return out;
}

/** download saves the figure as a file named after the page's address. */
export async function download(figure: HTMLElement, format: "svg" | "png", title: string): Promise<void> {
  const drawing = compose(figure, title);
  const text = new XMLSerializer().serializeToString(drawing);
  const picture = new Blob([text], { type: "image/svg+xml" });
  const file = format === "svg" ? picture : await raster(text, Number(drawing.getAttribute("width")), Number(drawing.getAttribute("height")));
  const name = location.pathname.split("/").filter(Boolean).join("-") || "overview";
  const address = URL.createObjectURL(file);
  const link = html("a", { href: address, download: `shanyraq-${name}.${format}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** raster returns the drawing as a picture with two dots to a pixel. */
async function raster(text: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await image.decode();
  const scale = Math.min(2, 16_000 / Math.max(width, height)); // browsers refuse larger pictures
  const canvas = html("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  const context = canvas.getContext("2d")!;
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  return new Promise((done, fail) => canvas.toBlob((b) => (b ? done(b) : fail(new Error("the picture is too large"))), "image/png"));
}
