// The office's list by keyboard. Without this file it is a table with boxes to tick.
"use strict";
{
  const form = document.querySelector("[data-office]");
  const rows = [...document.querySelectorAll("[data-row]")];
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));
  const keys = document.getElementById("office-keys");
  let here = -1;

  function count() {
    const chosen = boxes.filter((box) => box.checked).length;
    form.querySelector("[data-office-count]").textContent = chosen ? `(${chosen})` : "";
    const all = form.querySelector("[data-office-all] input");
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }

  function go(step) {
    if (!rows.length) return;
    rows[here]?.removeAttribute("data-current");
    here = Math.min(rows.length - 1, Math.max(0, here + step));
    rows[here].setAttribute("data-current", "");
    boxes[here].focus({ preventScroll: true });
    rows[here].scrollIntoView({ block: "center" });
  }

  const acts = {
    j: () => go(1),
    k: () => go(-1),
    x: () => boxes[here]?.click(),
    o: () => rows[here]?.querySelector("[data-pane], th a").click(),
    "/": () => document.querySelector("[data-office-search]").focus(),
    "?": () => {
      keys.open = !keys.open;
      if (keys.open) keys.querySelector("summary").focus();
    },
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (form) {
    const all = form.querySelector("[data-office-all]");
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const box of boxes) box.checked = event.target.checked;
      count();
    });
    form.addEventListener("change", count);
    form.addEventListener("focusin", (event) => {
      const at = rows.indexOf(event.target.closest("[data-row]"));
      if (at < 0 || at === here) return;
      rows[here]?.removeAttribute("data-current");
      here = at;
      rows[here].setAttribute("data-current", "");
    });
    count();
  }
}
