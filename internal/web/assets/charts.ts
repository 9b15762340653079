// Charts: draws every figure.chart of the page from the table's JSON at its
// data-src. The page is complete without it.

import { carried, html } from "./dom.ts";
import { download } from "./export.ts";
import { legs } from "./legs.ts";
import { lines } from "./lines.ts";
import { map, type World } from "./map.ts";
import { panels } from "./panels.ts";
import { ranges, showHome } from "./ranges.ts";
import { sunburst } from "./sunburst.ts";
import type { Table } from "./table.ts";

/** What is drawn in a figure, and how wide it was. */
interface State {
  table: Table;
  width: number;
}

const states = new WeakMap<HTMLElement, State>();
const tables = new Map<string, Promise<Table>>();
let world: Promise<World> | undefined;

/** tableAt returns the table at an address, its figures leading where the page's own do. */
async function tableAt(address: string): Promise<Table> {
  const table = await json<Table>(address);
  for (const row of table.rows) {
    for (const cell of Object.values(row.cells)) if (typeof cell === "object" && cell?.href) cell.href = carried(cell.href);
  }
  return table;
}

async function json<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return (await answer.json()) as T;
}

/** worldMap returns the map beside this script, at the address the page gives in data-world if it does. */
function worldMap(figure: HTMLElement): Promise<World> {
  return (world ??= json<World>(figure.dataset.world ?? document.body.dataset.world ?? new URL("world.json", import.meta.url).href));
}

/** paint draws a figure at its present width, and keeps its caption. */
async function paint(figure: HTMLElement, table: Table): Promise<void> {
  const width = Math.floor(figure.clientWidth);
  if (width === 0) return;
  const kind = table.chart?.type ?? (figure.dataset.chart as "ranges");
  if (!table.chart) table = { ...table, chart: { type: kind, value: figure.dataset.value ?? table.columns.find((c) => c.type === "figure")?.key ?? "" } };
  const scrolled = figure.querySelector(".plot.tall")?.scrollTop;
  let drawing: Node[];
  switch (kind) {
    case "map":
      drawing = map(table, await worldMap(figure), width);
      break;
    case "legs":
      drawing = legs(table, await worldMap(figure), width);
      break;
    case "lines":
      drawing = lines(table, width);
      break;
    case "sunburst":
      drawing = sunburst(table, width);
      break;
    case "panels":
      drawing = panels(table, width);
      break;
    default:
      drawing = ranges(table, width);
  }
  const caption = figure.querySelector(":scope > figcaption");
  figure.replaceChildren(...drawing, ...(caption ? [caption] : []));
  figure.classList.add("drawn");
  const tall = figure.querySelector(".plot.tall");
  if (tall) {
    if (scrolled === undefined) showHome(figure, table);
    else tall.scrollTop = scrolled;
  }
  states.set(figure, { table, width });
}

/** load fetches what a figure shows and draws it. What was there before stays until then. */
async function load(figure: HTMLElement): Promise<void> {
  const address = figure.dataset.src;
  if (!address) return;
  figure.setAttribute("aria-busy", "true");
  try {
    let table = tables.get(address);
    if (!table) tables.set(address, (table = tableAt(address)));
    const [answer] = await Promise.all([table, document.fonts.ready]);
    if (figure.dataset.src !== address) return; // something newer is on its way
    await paint(figure, answer);
  } catch (fault) {
    tables.delete(address);
    if (!states.has(figure)) figure.append(html("p", { class: "chart-error" }, String(fault instanceof Error ? fault.message : fault)));
  } finally {
    figure.removeAttribute("aria-busy");
  }
}

const sizes = new ResizeObserver((entries) => {
  for (const e of entries) {
    const figure = e.target as HTMLElement;
    const state = states.get(figure);
    // Not within the observation itself, whose sizes it would change.
    if (state && Math.abs(Math.floor(figure.clientWidth) - state.width) > 1) requestAnimationFrame(() => void paint(figure, state.table));
  }
});

const begun = new WeakSet<HTMLElement>();

/** drawAll draws the figures of the page that are not drawn yet. */
function drawAll(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("figure.chart[data-src]")) {
    if (begun.has(figure)) continue;
    begun.add(figure);
    sizes.observe(figure);
    void load(figure);
  }
}

// Labels are measured, so the letters have to be there first.
void Promise.all([document.fonts.load('13px "Plex Sans"'), document.fonts.load('600 13px "Plex Sans"')]).catch(() => undefined).then(drawAll);
document.addEventListener("shanyraq:view", drawAll);

document.addEventListener("click", (e) => {
  const button = (e.target as Element).closest<HTMLElement>("button.chart-download");
  if (!button) return;
  const figure = button.dataset.for ? document.getElementById(button.dataset.for) : button.closest(".view")?.querySelector<HTMLElement>("figure.chart");
  if (figure) void download(figure, button.dataset.format === "png" ? "png" : "svg", states.get(figure)?.table.title ?? document.title);
});
