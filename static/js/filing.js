// Questions that are asked only after some answers appear and go while one answers. Without this file the server asks them
// when the form is sent.
"use strict";
for (const form of document.querySelectorAll("form[data-questions]")) {
  const parts = [...form.querySelectorAll("[data-shown-when]")];
  const seen = form.querySelector("[data-seen]");

  function said(name) {
    const fields = [...form.elements].filter((field) => field.name === name && !field.closest("[hidden]"));
    return fields
      .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
      .map((field) => field.value);
  }

  function follow() {
    const names = new Set(seen.value.split(" ").filter(Boolean));
    for (const part of parts) { // in their order: a hidden question has no answer for those behind it
      const values = part.dataset.shownValues.split(" ");
      part.hidden = !said(part.dataset.shownWhen).some((value) => values.includes(value));
      if (!part.hidden) names.add(part.dataset.question);
    }
    seen.value = [...names].join(" ");
  }

  // A matter that is suggested while typing is taken by a press, and by nothing else.
  form.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-matter]");
    if (chosen) form.elements.matter.value = chosen.dataset.matter;
  });
  form.addEventListener("change", follow);
  addEventListener("pageshow", follow); // the way back keeps what was chosen
  follow();
}
