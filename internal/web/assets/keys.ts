// Single keys. They can be turned off, and never act while something is typed.

import { open, show } from "./drawer.ts";

const setting = "shanyraq.keys";

function off(): boolean {
  try {
    return localStorage.getItem(setting) === "off";
  } catch {
    return false;
  }
}

function turn(on: boolean): void {
  try {
    localStorage.setItem(setting, on ? "on" : "off");
  } catch {
    // The browser keeps nothing: the keys stay as they are.
  }
}

/** letterOf returns the key of a room: what its link says in data-key, or the first letter of its address. */
function letterOf(link: HTMLAnchorElement): string {
  return (link.dataset.key ?? (new URL(link.href).pathname.split("/")[1]?.[0] || "o")).toLowerCase();
}

function list(): void {
  const template = document.querySelector<HTMLTemplateElement>("template#keys");
  const help = document.querySelector<HTMLAnchorElement>("a.help");
  if (template) show([template.content.cloneNode(true)], help?.href);
  else if (help) void open(help.href);
}

function table(): void {
  const frame = document.querySelector<HTMLElement>("main .tableframe, main table");
  if (!frame) return;
  if (!frame.hasAttribute("tabindex")) frame.tabIndex = -1;
  frame.focus({ preventScroll: true });
  frame.scrollIntoView({ block: "start" });
}

/** lineage opens the figure that has the focus, or that an arrow key has reached in a chart. */
function lineage(): void {
  const at = document.activeElement;
  const door = at?.matches("a.fig[href]") ? (at as HTMLAnchorElement).href : at?.closest<HTMLElement>(".plot[data-href]")?.dataset.href;
  if (door) void open(door);
}

/** start listens for keys, and for the boxes that turn them off. */
export function start(): void {
  const boxes = () =>
    document.querySelectorAll<HTMLInputElement>("input[data-keys]").forEach((box) => {
      box.checked = !off();
      box.onchange = () => turn(box.checked);
    });
  boxes();
  document.addEventListener("shanyraq:view", boxes);

  let going: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return;
    const at = e.target as HTMLElement;
    if (e.key === "Escape") {
      const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary")?.focus();
      } else if (at.matches('input[type="search"], .search input')) at.blur();
      return;
    }
    if (off() || at.matches("input:not([type=checkbox], [type=radio], [type=range]), select, textarea, [contenteditable]")) return;
    if (going !== undefined) {
      clearTimeout(going);
      going = undefined;
      const letter = keyOf(e);
      const room = [...document.querySelectorAll<HTMLAnchorElement>("nav.rail a[href]")].find((a) => letterOf(a) === letter);
      if (letter === "o" && !room) location.assign(document.querySelector<HTMLAnchorElement>("a.mark")?.href ?? "/");
      else room?.click();
      if (letter === "o" || room) e.preventDefault();
      return;
    }
    switch (e.key === "/" || e.key === "?" ? e.key : keyOf(e)) {
      case "/": {
        const search = document.querySelector<HTMLInputElement>('form.search input:not([type="hidden"])');
        search?.focus();
        search?.select();
        break;
      }
      case "?":
        list();
        break;
      case "g":
        going = setTimeout(() => (going = undefined), 1500);
        break;
      case "t":
        table();
        break;
      case "d":
        lineage();
        break;
      default:
        return;
    }
    e.preventDefault();
  });
}

/** keyOf returns the Latin letter of a key, whatever letters the keyboard is set to. */
function keyOf(e: KeyboardEvent): string {
  return /^[a-z]$/i.test(e.key) ? e.key.toLowerCase() : /^Key[A-Z]$/.test(e.code) ? e.code.slice(3).toLowerCase() : e.key;
}
