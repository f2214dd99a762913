// A paper that ranks: a rank that is taken cannot be chosen twice, and the order stands below as it will be handed in.
"use strict";
{
  function show(paper) {
    const fields = [...paper.querySelectorAll("select")];
    const names = new Map();
    for (const field of fields.filter(({ value }) => value).sort((a, b) => a.value - b.value)) {
      const name = paper.querySelector(`label[for="${field.id}"]`).textContent;
      names.set(field.value, [...(names.get(field.value) ?? []), name]);
    }
    if (paper.dataset.ranks === "once") {
      for (const field of fields)
        for (const option of field.options) option.disabled = option.value !== field.value && names.has(option.value);
    }
    const order = paper.querySelector("[data-order]");
    order.hidden = !names.size;
    order.querySelector("ol").replaceChildren(
      ...[...names.values()].map((equal) => Object.assign(document.createElement("li"), { textContent: equal.join(" = ") })),
    );
  }

  const showAll = () => document.querySelectorAll("[data-ranks]").forEach(show);
  addEventListener("change", ({ target }) => {
    const paper = target.closest?.("[data-ranks]");
    if (paper) show(paper);
  });
  addEventListener("htmx:afterSettle", showAll);
  addEventListener("pageshow", showAll);
}
