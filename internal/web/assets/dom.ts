// Small tools for making elements. Nothing here writes a style attribute or a
// style element: the content policy of the pages refuses both.

const svgNames = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number | boolean | null | undefined>;

function fill<E extends Element>(e: E, attributes: Attributes, children: (Node | string)[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    e.setAttribute(name, value === true ? "" : String(value));
  }
  e.append(...children);
  return e;
}

/** html returns an element of a page. */
export function html<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

/** svg returns an element of a drawing. */
export function svg<K extends keyof SVGElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(svgNames, name), attributes, children);
}

/** word returns a word of the interface from the page, which has it in the reader's language. */
export function word(key: string, otherwise: string): string {
  return document.body.dataset["word" + key[0]!.toUpperCase() + key.slice(1)] ?? otherwise;
}

/** carried returns an address of ours with the home country, language and version of this page's own address. */
export function carried(address: string): string {
  const url = new URL(address, location.href);
  const here = new URLSearchParams(location.search);
  for (const key of ["home", "lang", "at"]) {
    const value = here.get(key);
    if (value && !url.searchParams.has(key)) url.searchParams.set(key, value);
  }
  return url.pathname + url.search + url.hash;
}

/** announce says a sentence to those who listen rather than look. */
export function announce(sentence: string): void {
  let live = document.getElementById("announcements");
  if (!live) {
    live = html("div", { id: "announcements", class: "unseen", "aria-live": "polite", role: "status" });
    document.body.append(live);
  }
  live.textContent = sentence;
}

/** numbers returns a writer of numbers for axes, in the page's language with Latin digits. */
export function numbers(top: number): (v: number) => string {
  const lang = document.documentElement.lang || "en";
  const long = Math.abs(top) >= 1e5;
  // Many browsers know no Kazakh millions and write M; the words are those of Russian.
  const borrowed = lang === "kk" && !/\p{Script=Cyrillic}/u.test(new Intl.NumberFormat(lang, { notation: "compact" }).format(2e6));
  const n = new Intl.NumberFormat([(borrowed ? "ru" : lang) + "-u-nu-latn", "en"], { notation: long ? "compact" : "standard", maximumSignificantDigits: 4 });
  return (v) => {
    const text = n.format(v).replaceAll("\u202f", "\u00a0");
    return borrowed ? text.replace("тыс.", "мың") : text;
  };
}

const canvas = document.createElement("canvas").getContext("2d");

/** widthOf returns how wide a text is, in pixels. */
export function widthOf(text: string, size = 13, weight = 400): number {
  if (!canvas) return text.length * size * 0.55;
  canvas.font = `${weight} ${size}px "Plex Sans", system-ui, sans-serif`;
  return canvas.measureText(text).width;
}

/** shorten returns the text, cut with an ellipsis if it is wider than it may be. */
export function shorten(text: string, width: number, size = 13, weight = 400): string {
  if (widthOf(text, size, weight) <= width) return text;
  const letters = [...text];
  let keep = letters.length;
  while (keep > 1 && widthOf(letters.slice(0, keep).join("").trimEnd() + "…", size, weight) > width) keep--;
  return letters.slice(0, keep).join("").trimEnd() + "…";
}
