// Comforts of a discussion: the same comment never twice, a reply's form closes, names after an @ are suggested.
"use strict";
if (!window.discussionIsHere) {
  window.discussionIsHere = true;

  // My own comment comes with the answer to the form and over the live connection: whichever is first stays.
  addEventListener("htmx:oobBeforeSwap", (event) => {
    const item = event.detail.fragment.querySelector?.(".comment[id]");
    if (item && document.getElementById(item.id)) event.detail.shouldSwap = false;
  });

  addEventListener("click", (event) => {
    const closer = event.target.closest?.("[data-close]");
    const place = closer && document.getElementById(closer.dataset.close);
    if (!place) return;
    event.preventDefault();
    place.replaceChildren();
    place.closest(".comment")?.querySelector(".comment-actions a")?.focus();
  });

  // --- Names after an @ -----------------------------------------------------------------------------
  const begun = /(?:^|[\s(])@([^\s@][^@\n]{0,60})$/u;
  let asked = 0;

  const beginning = (area) => area.value.slice(0, area.selectionStart).match(begun)?.[1];

  addEventListener("input", (event) => {
    const area = event.target;
    const form = area.matches?.("textarea") && area.closest("form[data-people]");
    if (!form) return;
    const name = beginning(area);
    const question = ++asked;
    if (!name) return show(area, []);
    setTimeout(async () => {
      if (question !== asked) return;
      try {
        const answer = await fetch(`${form.dataset.people}?q=${encodeURIComponent(name)}`);
        if (answer.ok && question === asked) show(area, (await answer.json()).names);
      } catch { /* writing goes on without */ }
    }, 200);
  });

  function show(area, names) {
    const field = area.parentElement;
    let list = field.querySelector(".suggestions");
    if (!names.length) return list?.remove();
    if (!list) {
      list = document.createElement("ul");
      list.className = "suggestions";
      area.after(list);
    }
    list.replaceChildren(...names.map((name) => {
      const item = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.onclick = () => take(area, name);
      item.append(button);
      return item;
    }));
  }

  function take(area, name) {
    const end = area.selectionStart, start = end - (beginning(area)?.length ?? 0);
    area.setRangeText(`${name} `, start, end, "end");
    show(area, []);
    area.focus();
  }

  addEventListener("keydown", (event) => {
    const list = event.target.closest?.("form[data-people]")?.querySelector(".suggestions");
    if (!list) return;
    const buttons = [...list.querySelectorAll("button")], at = buttons.indexOf(event.target);
    if (event.key === "Escape") list.remove();
    else if (event.key === "ArrowDown" && at < buttons.length - 1) buttons[at + 1].focus();
    else if (event.key === "ArrowUp" && at >= 0) (buttons[at - 1] ?? list.previousElementSibling).focus();
    else return;
    event.preventDefault();
  });
}
