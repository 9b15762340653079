// Waiting: nothing for a fifth of a second, then the crown turns.

let waits = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** waiting marks that something is awaited, until the function it returns is called. */
export function waiting(): () => void {
  waits++;
  timer ??= setTimeout(() => document.documentElement.classList.add("waiting"), 200);
  let over = false;
  return () => {
    if (over) return;
    over = true;
    if (--waits > 0) return;
    clearTimeout(timer);
    timer = undefined;
    document.documentElement.classList.remove("waiting");
  };
}

/** start marks the wait for the next page too. */
export function start(): void {
  let done: (() => void) | undefined;
  addEventListener("beforeunload", () => (done ??= waiting()));
  addEventListener("pageshow", () => {
    done?.();
    done = undefined;
  });
}
