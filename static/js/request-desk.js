// The desk of requests: on a wide screen one opens beside the list. Without this file each row leads to the request's own page.
"use strict";
{
  const wide = matchMedia("(min-width: 62rem)");
  const links = () => [...document.querySelectorAll("[data-pane]")];

  async function show(address, { push = true } = {}) {
    const answer = await fetch(address, { headers: { "X-Requested-With": "pane" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("secili");
    if (!answer.ok || !fresh) { location.assign(address); return; }
    const pane = document.getElementById("secili");
    pane.replaceWith(fresh);
    if (push) history.pushState({ pane: true }, "", address);
    for (const link of links()) {
      if (link.dataset.pane === address) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    fresh.focus({ preventScroll: true });
    fresh.scrollTop = 0;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pane]");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.dataset.pane);
  });
  addEventListener("popstate", () => location.reload());

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    const target = { r: "#yanit textarea", a: "#ver select[name=assignee]" }[event.key];
    const field = target && document.querySelector(target);
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
}
