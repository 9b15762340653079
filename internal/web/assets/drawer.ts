// The drawer: a figure's lineage beside the view it was opened from. Each
// opening is a step in the history, so that Back closes it.

import { announce, html, word } from "./dom.ts";
import { waiting } from "./waiting.ts";

interface Step {
  drawer?: string;
  depth?: number;
}

let dialog: HTMLDialogElement | undefined;
let opener: Element | null = null;
let latest = 0;

function make(): HTMLDialogElement {
  if (dialog) return dialog;
  const close = html("button", { type: "button", class: "drawer-close" }, word("close", "Close"));
  close.addEventListener("click", shut);
  const d = html(
    "dialog",
    { class: "drawer", "aria-labelledby": "drawer-title" },
    html("div", { class: "drawer-bar" }, close, html("a", { class: "drawer-page button" }, word("page", "Open as a page"))),
    html("div", { class: "drawer-body" }),
  );
  d.addEventListener("cancel", (e) => {
    e.preventDefault();
    shut();
  });
  d.addEventListener("click", (e) => {
    if (e.target === d) shut(); // the backdrop is the dialog's own area outside its content
  });
  document.body.append(d);
  return (dialog = d);
}

/** shut goes back to before the drawer was opened. */
export function shut(): void {
  const depth = (history.state as Step | null)?.depth ?? 0;
  if (depth > 0) history.go(-depth);
  else hide();
}

function hide(): void {
  latest++;
  dialog?.close();
  if (opener instanceof HTMLElement || opener instanceof SVGElement) opener.focus();
  opener = null;
}

/** isOpen reports whether something is in the drawer. */
export function isOpen(): boolean {
  return dialog?.open === true;
}

/** show puts nodes into the drawer. The page link leads to address, and is not there without one. */
export function show(nodes: Node[], address?: string): void {
  const d = make();
  const body = d.querySelector<HTMLElement>(".drawer-body")!;
  const link = d.querySelector<HTMLAnchorElement>(".drawer-page")!;
  link.hidden = !address;
  if (address) link.href = address;
  body.replaceChildren(...nodes);
  d.querySelector("#drawer-title")?.removeAttribute("id");
  const title = body.querySelector("h1, h2");
  if (title) title.id = "drawer-title";
  if (!d.open) {
    opener = document.activeElement;
    d.showModal();
  }
  d.scrollTop = 0;
  if (title?.textContent) announce(title.textContent.trim());
  document.dispatchEvent(new Event("shanyraq:view"));
}

/** part returns what a page sends when asked for its content alone. */
async function part(address: string): Promise<Node[]> {
  const url = new URL(address, location.href);
  url.searchParams.set("part", "1");
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...(page.querySelector("main") ?? page.body).childNodes];
}

/** open shows the lineage at an address, and follows it as a link if that cannot be. */
export async function open(address: string, remember = true): Promise<void> {
  const mine = ++latest;
  const done = waiting();
  try {
    const nodes = await part(address);
    if (mine !== latest) return;
    if (remember) {
      const depth = ((history.state as Step | null)?.depth ?? 0) + 1;
      history.pushState({ drawer: address, depth } satisfies Step, "");
    }
    show(nodes, address);
  } catch {
    if (mine === latest) location.assign(address);
  } finally {
    done();
  }
}

/** start makes every figure of the page open in the drawer. */
export function start(): void {
  // A reload keeps the history's state but not what was open.
  if ((history.state as Step | null)?.drawer) history.replaceState(null, "");
  document.addEventListener("click", (e) => {
    const door = (e.target as Element).closest<HTMLAnchorElement>("a.fig[href]:not(.here)");
    if (!door || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (new URL(door.href).origin !== location.origin) return;
    e.preventDefault();
    void open(door.href);
  });
  document.addEventListener("shanyraq:lineage", (e) => {
    e.preventDefault();
    void open((e as CustomEvent<string>).detail);
  });
  addEventListener("popstate", (e) => {
    const step = e.state as Step | null;
    if (step?.drawer) void open(step.drawer, false);
    else if (isOpen()) hide();
  });
}
