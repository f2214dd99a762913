// Writing a proposal: saved while typing, a list narrowed by typing. Every form works without this file.
"use strict";
{
  const PAUSE = 1500;
  const LONGEST = 8000;

  // --- A draft is saved a moment after the last letter, and at least every eight seconds while somebody writes. ---
  function autosave(form) {
    const said = form.querySelector("[data-saved]");
    const say = (text, late = false) => {
      said.textContent = text;
      said.classList.toggle("late", late);
    };
    let timer, since = 0, busy = false, again = false, stopped = false, going;
    let last = answers();

    function answers() {
      const data = new FormData(form);
      for (const name of ["csrfmiddlewaretoken", "seen", "do"]) data.delete(name);
      return new URLSearchParams(data).toString();
    }

    function later() {
      if (stopped) return;
      clearTimeout(timer);
      since ||= Date.now();
      timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
    }

    async function save() {
      clearTimeout(timer);
      if (stopped || answers() === last) return;
      if (busy) { again = true; return; }
      busy = true;
      since = 0;
      const sent = answers();
      say(form.dataset.saving);
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          headers: { "X-Requested-With": "autosave" },
          keepalive: sent.length < 30_000, // lives on when the page is left
        });
        const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
        if (answer.redirected || !isOurs) say(form.dataset.signedOut, true);
        else {
          const found = await answer.json();
          say(found.said, !answer.ok);
          if (answer.ok) {
            last = sent;
            form.elements.seen.value = found.seen;
          }
          if (answer.status === 409) stopped = true; // two windows: the person decides by pressing a button
        }
      } catch {
        say(form.dataset.unsaved, true);
      }
      busy = false;
      if (going) return go();
      if (again) { again = false; later(); }
    }

    // Whoever goes on while an answer is awaited would be in conflict with their own saving: the form waits for it.
    function go() {
      if (!going) return;
      const button = going;
      busy = going = undefined;
      form.requestSubmit(button);
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", (event) => {
      stopped = true;
      clearTimeout(timer);
      if (!busy) return;
      event.preventDefault();
      if (!going) setTimeout(go, 6000);
      going = event.submitter ?? form.querySelector("button[value=next]");
    });
    // Leaving by a link or closing the tab keeps what was typed.
    addEventListener("pagehide", save);
    document.addEventListener("visibilitychange", () => document.hidden && save());
    // The way back shows the page as it was left; it saves again.
    addEventListener("pageshow", (event) => { if (event.persisted) { stopped = busy = false; going = undefined; later(); } });
    addEventListener("online", later);
    // What was typed before this file came is saved as well.
    if ([...form.elements].some((field) => field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue)) {
      last = undefined;
      later();
    }
  }
  document.querySelectorAll("form[data-autosave]").forEach(autosave);

  // --- A long list of choices, narrowed by typing; "meclis" finds "MECLİSİ". ---
  const plain = (text) => text.toLocaleLowerCase("tr").normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i");

  for (const input of document.querySelectorAll("[data-narrows]")) {
    const list = document.getElementById(input.dataset.narrows);
    const none = document.querySelector(`[data-narrowed="${input.dataset.narrows}"]`);
    const rows = [...list.querySelectorAll("label")].map((row) => [row, plain(row.textContent)]);
    input.hidden = rows.length < 8;
    input.addEventListener("input", (event) => {
      event.stopPropagation(); // a search is no answer
      const words = plain(input.value).split(/\s+/);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !row.querySelector(":checked") && !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      for (const part of list.querySelectorAll("details")) {
        part.hidden = ![...part.querySelectorAll("label")].some((row) => !row.hidden);
        part.open = input.value.trim() !== "" || Boolean(part.querySelector(":checked"));
      }
      none.hidden = shown > 0;
      none.textContent = shown ? "" : none.dataset.none;
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }

  // --- Fields that matter only with one answer to another question. ---
  for (const part of document.querySelectorAll("[data-when]")) {
    const form = part.closest("form");
    const follow = () => (part.hidden = form.elements[part.dataset.when].value !== part.dataset.is);
    form.addEventListener("change", follow);
    follow();
  }
}
