// What every page has: the drawer, keys, live settings, copying, printing. Each
// makes a working page quicker, and none is needed.

import { announce, word } from "./dom.ts";
import * as drawer from "./drawer.ts";
import * as keys from "./keys.ts";
import * as live from "./live.ts";
import * as waiting from "./waiting.ts";

document.documentElement.classList.add("scripted");
waiting.start();
drawer.start();
keys.start();
live.start();

// On a telephone the rooms are a bar that scrolls; the one the reader is in comes into view.
const bar = document.querySelector<HTMLElement>("nav.rail");
const here = bar?.querySelector<HTMLElement>("[aria-current]");
if (bar && here && bar.scrollWidth > bar.clientWidth) {
  const at = here.getBoundingClientRect();
  bar.scrollLeft += at.left + at.width / 2 - bar.clientWidth / 2;
}

/** copy puts a text on the clipboard, also where the page is not served securely. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

document.addEventListener("click", (e) => {
  const at = e.target as Element;

  const copier = at.closest<HTMLElement>("button.copy-address, button[data-copy]");
  if (copier) {
    const from = copier.dataset.copy;
    const text = from === undefined ? location.href : from.startsWith("#") ? (document.querySelector(from)?.textContent?.trim() ?? "") : from.startsWith("/") ? new URL(from, location.origin).href : from;
    void copy(text).then((done) => {
      const sentence = done ? word("copied", "Copied") : word("failed", "Could not copy");
      announce(sentence);
      if (copier.classList.contains("said")) return;
      const label = copier.textContent;
      copier.classList.add("said");
      copier.textContent = sentence;
      setTimeout(() => {
        copier.textContent = label;
        copier.classList.remove("said");
      }, 2000);
    });
  }
  if (at.closest("button.print")) print();

  // A menu closes when something else is pressed.
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) if (!menu.contains(at)) menu.open = false;
});
