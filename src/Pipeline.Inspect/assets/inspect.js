"use strict";
// What the browser alone knows or can do: its preference for dark, its width, the focus.
window.inspect = {
  prefersDark: () => matchMedia("(prefers-color-scheme: dark)").matches,
  chooseDark: dark => { document.cookie = `dark=${dark ? 1 : 0}; path=/; max-age=31536000; samesite=strict`; },
  ready: () => { document.documentElement.dataset.ready = "1"; },
  narrow: () => matchMedia("(max-width: 959px)").matches,
  focus: id => {
    const element = document.getElementById(id);
    if (!element) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  },
};
// Arrow keys move between sentences where there are sentences; they do not also scroll.
document.addEventListener("keydown", event => {
  if (event.key.startsWith("Arrow") && event.target.closest?.("[data-keys]")) event.preventDefault();
  if (event.key === " " && event.target.matches?.(".mark")) event.preventDefault();
  // What a mark says can be sent away without moving the pointer or the focus.
  if (event.key === "Escape") document.documentElement.dataset.tips = "off";
});
for (const kind of ["pointermove", "focusin"]) document.addEventListener(kind, () => { delete document.documentElement.dataset.tips; });
