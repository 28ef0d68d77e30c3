"use strict";
// The page reads without this script. It adds buttons that copy a derivation as LaTeX,
// opens what a link leads into, and lets browsers print what is folded away.
(() => {
  const { copy, copied } = document.body.dataset;
  const tex = (cell) =>
    cell?.dataset.latex ?? cell?.querySelector("annotation, code.latex")?.textContent ?? "";
  const row = (line) =>
    `${tex(line.querySelector(":scope > .left"))} &= ${tex(line.querySelector(":scope > .right"))}`;
  const latex = (part) =>
    ["\\begin{align*}", [...part.querySelectorAll(":scope > .lines > .line")].map(row).join(" \\\\\n"), "\\end{align*}"].join("\n");

  const parts = navigator.clipboard ? document.querySelectorAll(".part, .display") : [];
  for (const part of parts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      const text = part.matches(".display") ? tex(part.querySelector(".formula")) : latex(part);
      await navigator.clipboard.writeText(text);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    part.append(button);
  }

  const reveal = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let e = place; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    place?.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
})();
