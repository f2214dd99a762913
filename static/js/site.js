// Small comforts on every page. Everything works without this file; nothing here decides anything.
"use strict";
{
  const language = document.documentElement.lang || "tr";

  // --- A form is sent once. A second click waits until the answer, the way back or ten seconds. ---
  const sent = new WeakMap();
  const isHtmx = (form) => ["hx-post", "hx-put", "hx-patch", "hx-delete"].some((name) => form.hasAttribute(name));

  function lock(form, button) {
    sent.set(form, setTimeout(() => release(form), 10_000));
    if (!button) return;
    setTimeout(() => {
      // after the browser has collected the button's own name and value
      if (!sent.has(form)) return;
      button.setAttribute("aria-busy", "true");
      if (button.dataset.busy && !button.dataset.idle) {
        button.dataset.idle = button.innerHTML;
        button.textContent = button.dataset.busy;
      }
    });
  }

  function release(form) {
    if (!sent.has(form)) return;
    clearTimeout(sent.get(form));
    sent.delete(form);
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      if (button.dataset.idle) button.innerHTML = button.dataset.idle;
      delete button.dataset.idle;
    }
  }

  addEventListener("submit", (event) => {
    if (sent.has(event.target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  addEventListener("submit", (event) => {
    const form = event.target;
    const once = form.method === "post" && !form.hasAttribute("data-repeatable");
    if (once && (!event.defaultPrevented || isHtmx(form))) lock(form, event.submitter);
  });

  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach(release);
  });
  addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail?.elt?.closest?.("form");
    if (form) release(form);
  });

  // --- What could not be sent says so in its form, and goes with the next try. ---
  const unsent = document.getElementById("unsent");
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    addEventListener(failure, (event) => {
      const form = event.detail?.elt?.closest?.("form[method=post]:not([data-by-key])"); // a vote finds out by its key
      if (form && unsent && !form.querySelector(".unsent")) form.append(unsent.content.cloneNode(true));
    });
  }
  addEventListener("htmx:beforeRequest", (event) => {
    event.detail?.elt?.closest?.("form")?.querySelector(".unsent")?.remove();
  });

  // --- A refusal (403, 409) or a form with errors (422) is put in where the server says it belongs. ---
  addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (![403, 409, 422].includes(xhr.status) || !xhr.getResponseHeader("HX-Retarget")) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  // --- Menus close on Escape and on a press elsewhere; dialogs open. ---
  const openMenus = () => document.querySelectorAll("details.menu[open]");

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const within = menu.contains(document.activeElement);
      menu.open = false;
      if (within) menu.querySelector("summary").focus();
    }
  });
  addEventListener("pointerdown", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener("focusin", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector?.("[data-focus-when-open]")?.focus();
  }, true);

  addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    } else if (event.target.matches?.("dialog[open]")) {
      event.target.close(); // a press on the backdrop
    }
  });

  // --- Copy and share; the buttons are hidden until we know that they work. ---
  addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-share]");
    if (!button) return;
    const url = new URL(button.dataset.copy ?? button.dataset.share, location).href;
    try {
      if ("share" in button.dataset && navigator.share) {
        await navigator.share({ title: document.title, url });
      } else {
        await navigator.clipboard.writeText(url);
        const words = button.innerHTML;
        button.textContent = button.dataset.copied || "✓";
        setTimeout(() => (button.innerHTML = words), 2500);
      }
    } catch { /* the person changed their mind */ }
  });

  // --- Times tick. ---
  const ages = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(language);

  // What is left is counted in days of the city's calendar, as the server does.
  const cityDay = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Istanbul" });
  const dayNumber = (moment) => Date.parse(cityDay.format(moment)) / 864e5;

  function tickTimes() {
    for (const time of document.querySelectorAll("time[data-relative], time[data-left]")) {
      const moment = new Date(time.dateTime), rest = (moment - Date.now()) / 1000;
      const days = "left" in time.dataset ? dayNumber(moment) - dayNumber(Date.now()) : 0;
      const units = "left" in time.dataset && days < 1 ? ages.slice(1) : ages;
      const [unit, seconds] = days >= 1 ? ages[0] : (units.find(([, size]) => Math.abs(rest) >= size) ?? []);
      if (!unit || ("left" in time.dataset ? rest < 0 : Math.abs(rest) > 14 * 86400)) continue;
      const count = days >= 1 ? days : Math.trunc(rest / seconds);
      const text = "left" in time.dataset
        ? time.dataset.left.replace("{}", new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count))
        : relative.format(count, unit);
      if (time.textContent !== text) time.textContent = text;
    }
  }
  setInterval(() => document.hidden || tickTimes(), 30_000);

  // --- Text areas grow, and count their letters. ---
  const growsByItself = CSS.supports("field-sizing", "content");
  const numbers = new Intl.NumberFormat(language);

  function measure(area) {
    if (!growsByItself && area.matches?.("textarea[data-autosize]")) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    }
    const counter = area.dataset?.counter && document.getElementById(area.dataset.counter);
    if (counter && area.maxLength > 0) {
      counter.hidden = false;
      counter.textContent = `${numbers.format(area.value.length)} / ${numbers.format(area.maxLength)}`;
    }
  }
  addEventListener("input", (event) => measure(event.target));

  addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) print();
  });

  // --- What a new page, or a new piece of one, needs once. ---
  function settle(root) {
    root.querySelectorAll("textarea[data-autosize], [data-counter]").forEach(measure);
    for (const button of root.querySelectorAll("[data-copy][hidden], [data-share][hidden]")) {
      button.hidden = !(navigator.clipboard || ("share" in button.dataset && navigator.share));
    }
    for (const button of root.querySelectorAll("[data-print][hidden]")) button.hidden = false;
    if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 62rem)").matches) {
      root.querySelectorAll("details[data-open-wide]").forEach((details) => (details.open = true));
    }
  }
  // --- The bar of a phone offers no way to what one is looking at. ---
  const links = document.querySelectorAll(".actionbar a[href^='#']");
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      for (const link of links) if (link.hash === `#${target.id}`) link.hidden = isIntersecting;
    }
  });
  for (const link of links) {
    const place = document.getElementById(link.hash.slice(1));
    if (place) seen.observe(place);
  }

  const look = (root) => root.querySelector("[data-focus]")?.focus(); // what is wrong is read first
  addEventListener("htmx:afterSettle", (event) => (settle(event.target), look(event.target)));
  addEventListener("live:changed", ({ target }) => {
    settle(target);
    if (!target.matches("[data-live-value]")) return;
    target.classList.add("ticked");
    target.addEventListener("animationend", () => target.classList.remove("ticked"), { once: true });
  });
  settle(document);
  look(document);
}
