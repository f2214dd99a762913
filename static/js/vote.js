// Did my vote count? When no answer comes, the page asks for the vote by the form's key and sends the same form again,
// until it knows. The key makes a second sending harmless; without this file pressing again does the same.
"use strict";
{
  const SECONDS = [1, 2, 4, 8, 15, 30];
  let timer, tries = 0;

  const say = (text) => {
    const place = document.querySelector("[data-vote-status]");
    if (place && text) [place.textContent, place.hidden] = [text, false];
  };

  async function find(form, button) {
    try {
      const answer = await fetch(form.dataset.byKey, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.status === 404) return form.isConnected ? form.requestSubmit(button) : show(form);
      if (answer.ok || answer.status < 500) return show(form, answer.ok);
    } catch {
      // still no connection
    }
    wait(form, button);
  }

  // The box says how the vote stands now; a session that has ended shows there too.
  async function show(form, counted = false) {
    tries = 0;
    const box = document.getElementById("ballot");
    await htmx.ajax("GET", box.dataset.liveUrl, { target: box, swap: "outerHTML" });
    if (counted) say(form.dataset.counted);
  }

  function wait(form, button) {
    say(form.dataset.unknown);
    clearTimeout(timer);
    timer = setTimeout(() => find(form, button), 1000 * SECONDS[Math.min(tries++, SECONDS.length - 1)]);
  }

  const formOf = (event) => event.detail?.requestConfig?.elt?.closest?.("form[data-by-key]");

  addEventListener("htmx:beforeRequest", (event) => formOf(event) && clearTimeout(timer));
  addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    const { xhr, requestConfig } = event.detail;
    const button = requestConfig.triggeringEvent?.submitter;
    if (xhr.status === 0 || xhr.status >= 502) wait(form, button);
    else if (tries && xhr.status === 200) {
      tries = 0;
      say(form.dataset.counted);
    }
  });
}
