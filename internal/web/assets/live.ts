// Live settings: weights that are moved, and forms marked data-live, redraw the
// view in place. Without this they are forms with a button.

import { announce, html, word } from "./dom.ts";
import { waiting } from "./waiting.ts";

/** addressOf returns the address a form leads to, without what is empty or as by default. */
function addressOf(form: HTMLFormElement): URL {
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) {
    const field = form.elements.namedItem(name);
    if (typeof value !== "string" || value === "") continue;
    if (field instanceof HTMLElement && field.dataset.default === value) continue;
    url.searchParams.append(name, value);
  }
  return url;
}

/** replace puts what came in the place of what was, except `kept`, which stays as it is with the focus in it. */
function replace(old: Element, fresh: Element, kept: Element): void {
  if (old === kept) return;
  if (!old.contains(kept)) {
    carry(old, fresh);
    old.replaceWith(fresh);
    return;
  }
  const branch = [...old.children].find((c) => c.contains(kept))!;
  const alike = (e: Element) => e.tagName === branch.tagName && e.className === branch.className;
  const nth = [...old.children].filter(alike).indexOf(branch);
  const match = [...fresh.children].filter(alike)[nth];
  if (!match) throw new Error("the page has another form");
  const before = [...fresh.children].slice(0, [...fresh.children].indexOf(match));
  const after = [...fresh.children].slice(before.length + 1);
  const siblings = [...old.children].filter((c) => c !== branch);
  const shell = html("div");
  shell.append(...before, ...after);
  const past = html("div");
  past.append(...siblings.map((s) => s.cloneNode(false))); // carry needs the contents, so they move below
  siblings.forEach((s, i) => past.children[i]!.append(...s.childNodes));
  carry(past, shell);
  siblings.forEach((s) => s.remove());
  branch.before(...before);
  branch.after(...after);
  replace(branch, match, kept);
}

/** carry moves what should not blink from what goes to what comes: drawings until they are drawn again, scrolled tables, opened details. */
function carry(old: Element, fresh: Element): void {
  const pairs = <E extends Element>(selector: string, then: (was: E, is: E) => void) => {
    const within = (e: Element) => (e.matches(selector) ? [e as E] : [...e.querySelectorAll<E>(selector)]);
    const was = within(old);
    within(fresh).forEach((is, i) => was[i] && then(was[i], is));
  };
  pairs<HTMLElement>("figure.chart", (was, is) => {
    const caption = is.querySelector(":scope > figcaption");
    is.replaceChildren(...[...was.childNodes].filter((n) => !(n instanceof HTMLElement && n.matches("figcaption"))), ...(caption ? [caption] : []));
  });
  pairs<HTMLElement>(".tableframe", (was, is) => {
    const left = was.scrollLeft;
    if (left) requestAnimationFrame(() => (is.scrollLeft = left));
  });
  pairs<HTMLDetailsElement>("main details", (was, is) => (is.open = was.open));
}

let asked: AbortController | undefined;
let said: ReturnType<typeof setTimeout> | undefined;

/** refresh shows the view a form describes, in place; if it cannot, the form is sent. */
async function refresh(form: HTMLFormElement): Promise<void> {
  asked?.abort();
  const mine = (asked = new AbortController());
  const done = waiting();
  const url = addressOf(form);
  document.querySelectorAll(".view").forEach((v) => v.setAttribute("aria-busy", "true"));
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = document.querySelector("main")!;
    const fresh = page.querySelector("main");
    if (!answer.ok || !fresh) throw new Error(answer.statusText);
    replace(main, fresh, form);
    for (const selector of ["nav.tools", ".top .home"]) {
      const was = document.querySelector(selector);
      const is = page.querySelector(selector);
      if (was && is && !was.contains(document.activeElement)) was.replaceWith(is);
    }
    document.title = page.title || document.title;
    history.replaceState(history.state, "", url);
    document.dispatchEvent(new Event("shanyraq:view"));
    clearTimeout(said);
    said = setTimeout(() => announce(document.querySelector(".answer")?.textContent?.trim() ?? ""), 800);
  } catch {
    if (!mine.signal.aborted) form.submit();
  } finally {
    if (asked === mine) document.querySelectorAll(".view").forEach((v) => v.removeAttribute("aria-busy"));
    done();
  }
}

const timers = new WeakMap<HTMLFormElement, ReturnType<typeof setTimeout>>();

/** soon refreshes once the reader has paused. */
function soon(form: HTMLFormElement, after = 60): void {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => void refresh(form), after));
}

/** complete gives a weight its buttons and its slider, where the page has none, and keeps the three in step. */
function complete(row: Element): void {
  const field = row.querySelector<HTMLInputElement>('input[type="number"]');
  if (!field || row.classList.contains("complete")) return;
  row.classList.add("complete");
  const name = row.querySelector("label")?.textContent?.trim() ?? field.name;
  const button = (by: number) => {
    const have = row.querySelector<HTMLButtonElement>(`button[data-step="${by}"]`);
    const b = have ?? html("button", { type: "button", class: "step", "data-step": by }, by < 0 ? "−" : "+");
    if (!b.hasAttribute("aria-label")) b.setAttribute("aria-label", `${by < 0 ? word("less", "less") : word("more", "more")}: ${name}`);
    b.addEventListener("click", () => {
      if (by < 0) field.stepDown();
      else field.stepUp();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return b;
  };
  const less = button(-1);
  const more = button(1);
  if (!less.isConnected) field.before(less);
  if (!more.isConnected) field.after(more);
  let slider = row.querySelector<HTMLInputElement>('input[type="range"]');
  if (!slider) {
    slider = html("input", { type: "range", min: field.min || 0, max: field.max || 100, step: field.step || 1, "aria-label": name });
    more.after(slider);
  }
  slider.removeAttribute("name"); // the number field is what is sent
  slider.value = field.value || "0";
  slider.addEventListener("input", () => {
    field.value = slider.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => (slider.value = field.value || "0"));
}

/** start makes the page's live forms live. */
export function start(): void {
  const begin = () => document.querySelectorAll(".weights .weight").forEach(complete);
  begin();
  document.addEventListener("shanyraq:view", begin);
  const formOf = (e: Event) => {
    const form = (e.target as HTMLInputElement).form;
    return form?.method === "get" && (form.closest(".weights") !== null || form.matches(".weights, [data-live]")) ? form : null;
  };
  document.addEventListener("input", (e) => {
    const form = formOf(e);
    const field = e.target as HTMLInputElement;
    if (!form || field.type === "range") return; // its number field says so too
    if (field.checkValidity()) soon(form, field.type === "text" || field.type === "search" ? 300 : 60);
  });
  document.addEventListener("submit", (e) => {
    const form = e.target as HTMLFormElement;
    const pressed = (e as SubmitEvent).submitter;
    if (form.method !== "get" || pressed?.hasAttribute("name") || !(form.closest(".weights") || form.matches(".weights, [data-live]"))) return;
    e.preventDefault();
    clearTimeout(timers.get(form));
    void refresh(form);
  });
}
