// Live pages: what others do appears without a reload. The contract is docs/live.md; every page works without this file.
"use strict";
{
  const language = document.documentElement.lang || "tr";
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = document.body.dataset;
  const isLog = (topic) => !/^(state|presence):/.test(topic);

  const places = new Map(Object.entries(JSON.parse(data.liveSeq || "{}")).map(([topic, at]) => [topic, [].concat("", at).slice(-2)]));
  const states = new Map(); // topic -> { v, d, at }
  const closed = new Set(); // topics this reader may not follow
  const asked = new Set(); // topics whose answer is awaited
  const waiting = new Map(); // list -> frames behind its counter
  let followed = new Set(), socket = null, failures = 0, offset = 0, after = 0, given = false;
  let retry, lostTimer, pollTimer, beat, deadline, reached = false;

  // --- The connection ---------------------------------------------------------------------------
  const wanted = () => new Set(all("[data-live-topics]").flatMap((el) => JSON.parse(el.dataset.liveTopics || "[]")).filter((t) => !closed.has(t)).slice(0, 50));
  const say = (message) => socket?.readyState === 1 && socket.send(JSON.stringify(message));
  const place = (topic) => (isLog(topic) && places.get(topic)) || null;

  function ask(type, topics) {
    topics.forEach((topic) => asked.add(topic));
    say({ type, at: Number(data.liveAt) || undefined, ticket: ticket || undefined, topics: Object.fromEntries([...topics].map((topic) => [topic, place(topic)])) });
  }

  function follow() {
    const now = wanted();
    const gone = [...followed].filter((topic) => !now.has(topic)), come = [...now].filter((topic) => !followed.has(topic));
    followed = now;
    gone.forEach((topic) => (places.delete(topic), states.delete(topic), asked.delete(topic)));
    if (socket?.readyState === 1) {
      if (gone.length) say({ type: "leave", topics: gone });
      if (come.length) ask("join", come);
    } else connect();
  }

  // A ticket says for a minute whose socket this is. An old one is renewed before connecting; without one, the server looks.
  let ticket = data.liveTicket || "", ticketAt = 0, asking = false;
  async function renew() {
    if (!data.person || (ticket && performance.now() - ticketAt < 50_000)) return;
    const query = new URLSearchParams([...followed].map((topic) => ["t", topic]));
    ticket = "";
    try {
      const answer = await fetch(`/canli/bilet/?${query}`, { cache: "no-store", signal: AbortSignal.timeout?.(5_000) });
      if (answer.ok) ticket = (await answer.json()).ticket;
      ticketAt = performance.now();
    } catch { /* the server looks the session up */ }
  }

  async function connect() {
    clearTimeout(retry);
    if (socket || given || asking || !followed.size) return;
    if (!window.WebSocket) return poll();
    asking = true;
    await renew();
    asking = false;
    if (socket || given || !followed.size) return;
    const opened = (socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/canli/`));
    expect(10_000);
    opened.onmessage = (event) => {
      clearTimeout(deadline);
      for (const frame of [].concat(JSON.parse(event.data))) take(frame);
    };
    opened.onclose = (event) => opened === socket && ended(event.code);
    clearInterval(beat);
    beat = setInterval(() => say({ type: "ping" }) !== false && expect(10_000), 25_000);
  }

  // A connection may be dead without saying so: when an answer does not come, it counts as ended.
  function expect(milliseconds) {
    clearTimeout(deadline);
    deadline = setTimeout(() => socket && drop(1006), milliseconds);
  }

  function drop(code) {
    const old = socket;
    if (!old) return;
    old.onmessage = old.onclose = null;
    old.close();
    ended(code);
  }

  function ended(code) {
    socket = null;
    asked.clear();
    clearTimeout(deadline);
    clearInterval(beat);
    if (code === 4403) return (given = true);
    failures += code === 1012 || code === 4401 ? 0 : 1;
    const later = { 4400: 3_600_000, 4409: 600_000, 4429: 120_000 }[code];
    if (later || failures > 4) poll();
    else lost();
    const wait = later || (after ? Math.random() * after * 1000 : Math.random() * Math.min(30_000, 500 * 2 ** failures)) + 500;
    after = 0;
    retry = setTimeout(connect, Math.min(wait, later || 30_000));
  }

  async function poll() {
    clearTimeout(pollTimer);
    if (!followed.size || given || asked.size) return;
    const known = (topic) => place(topic) || (topic.startsWith("state:") && states.get(topic)?.v);
    const query = new URLSearchParams([...followed].slice(0, 20).map((topic) => ["t", topic + (known(topic) ? `@${known(topic).join(":")}` : "")]));
    if (reached) query.set("bekle", "1"); // the server may answer when there is news
    reached = false;
    if (data.liveAt) query.set("at", data.liveAt);
    let pause = 5_000;
    try {
      const answer = await fetch(`/canli/yokla/?${query}`, { headers: { "X-Requested-With": "live" }, cache: "no-store" });
      if (answer.status === 429) pause = 30_000;
      else if (!answer.ok) throw answer.status;
      else {
        const { now, frames, held } = await answer.json();
        offset = now - Date.now();
        reached = true;
        if (held) pause = 500;
        frames.forEach(take);
        if (!socket) found();
      }
    } catch {
      lost();
    }
    if (socket?.readyState !== 1) pollTimer = setTimeout(poll, (document.hidden ? 30_000 : pause) * (0.8 + Math.random() * 0.4));
  }

  // The bar is honest: it comes when nothing has reached us for 4 seconds and goes when everything is caught up.
  const bar = (hidden) => all("[data-live-offline]").forEach((el) => (el.hidden = hidden));
  const lost = () => (lostTimer ??= setTimeout(() => bar(false), 4_000));
  function found() {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    bar(true);
  }

  // --- Frames -----------------------------------------------------------------------------------
  function take(frame) {
    const topic = frame.t;
    switch (frame.type) {
      case "welcome":
        offset = frame.now - Date.now();
        ask("hello", followed);
        return;
      case "bye":
        after = frame.after;
        return;
      case "refused":
      case "left":
        closed.add(topic);
        followed.delete(topic);
        break;
      case "resync":
        if (isLog(topic)) places.set(topic, [frame.e, frame.s]);
        else states.delete(topic);
        regions(topic).forEach((el) => refetch(el));
        break;
      case "joined":
        if (isLog(topic)) places.set(topic, [frame.e, Math.max(frame.s, place(topic)?.[1] ?? 0)]);
        break;
      case undefined:
        if (followed.has(topic)) frame.v ? newState(frame) : newEntry(frame);
        return;
      default:
        return;
    }
    asked.delete(topic);
    if (asked.size || !socket) return;
    failures = 0;
    clearTimeout(pollTimer);
    found();
  }

  function newEntry(frame) {
    const [epoch, sequence] = place(frame.t) ?? ["", frame.s - 1];
    if (frame.s <= sequence) return;
    if (frame.s > sequence + 1 && socket) {
      say({ type: "leave", topics: [frame.t] });
      return ask("join", [frame.t]);
    }
    places.set(frame.t, [epoch, frame.s]);
    const old = frame.id && document.getElementById(frame.id);
    if (frame.do === "add") add(frame, old);
    if (frame.do === "replace" || frame.do === "remove") {
      for (const frames of waiting.values()) {
        const at = frames.findIndex((each) => each.id === frame.id);
        if (at >= 0) frame.do === "remove" ? frames.splice(at, 1) : (frames[at] = { ...frames[at], html: frame.html });
      }
      counters();
      if (old) frame.do === "remove" ? old.remove() : swap(old, made(frame.html), true);
    }
    for (const [name, html] of Object.entries(frame.regions ?? {})) {
      for (const el of all(`[data-live-replace="${frame.t}#${name}"]`)) html ? swap(el, made(html)) : refetch(el);
    }
    for (const el of all(`[data-live-refetch~="${frame.t}"]`)) {
      if (!el.dataset.liveKinds || el.dataset.liveKinds.split(" ").includes(frame.k)) refetch(el);
    }
  }

  const isNewer = (a, b) => !b || a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

  function newState({ t, v, d }) {
    const before = states.get(t);
    if (!isNewer(v, before?.v)) return;
    states.set(t, { v, d, at: performance.now() });
    showState(t, d, before);
  }

  function showState(t, d, before) {
    for (const [key, value] of Object.entries(d)) {
      for (const el of all(`[data-live-value="${t}#${key}"]`)) {
        const shown = typeof value !== "number" ? value ?? "" : el.dataset.liveFormat === "percent" ? percents.format(value / 100) : numbers.format(value);
        if (el.textContent !== shown) (el.textContent = shown), changed(el);
      }
      for (const el of all(`[data-live-bar="${t}#${key}"]`)) el.value = value ?? 0;
    }
    for (const el of all(`[data-live-presence="${t}"]`)) {
      el.textContent = numbers.format(d.count);
      el.hidden = !d.count;
    }
    for (const el of all(`[data-live-refetch~="${t}"]`)) {
      const phase = el.dataset.livePhase ?? (before ?? { d }).d.phase;
      if (phase !== undefined && String(phase) !== String(d.phase)) refetch(el);
    }
  }

  // An answer is as old as its question: what arrived between the two is newer than the numbers it brings.
  const askedAt = new WeakMap(); // a request, or what was fetched -> when it was asked for
  function catchUp(since = Infinity) {
    for (const [t, { d, at }] of states) if (at > since) showState(t, d);
  }
  addEventListener("htmx:beforeSend", ({ detail }) => askedAt.set(detail.xhr, performance.now()));
  addEventListener("htmx:afterSettle", (event) => catchUp(askedAt.get(event.detail.xhr)));

  const changed = (el) => el.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));

  // --- Lists: what is new waits under a counter, so that nothing moves under a reading finger ---------
  function add(frame, old) {
    const list = document.querySelector(`[data-live-log="${frame.t}"]`);
    if (!list || old) return;
    const known = (id) => document.getElementById(id) || waiting.get(list)?.some((each) => each.id === id);
    if (frame.parent && !known(frame.parent)) return; // an answer to something on another page
    const mine = frame.by && String(frame.by) === data.person;
    if (mine || !list.dataset.liveNewMany) return insert(list, frame);
    if (!waiting.has(list)) waiting.set(list, []);
    waiting.get(list).push(frame);
    counters();
  }

  function insert(list, frame) {
    const item = made(frame.html), parent = frame.parent && document.getElementById(frame.parent);
    if (!item || (frame.parent && !parent) || document.getElementById(frame.id)) return;
    let home = list;
    if (parent) {
      home = document.querySelector(`[data-live-replies="${frame.parent}"]`) ?? parent.querySelector(".replies");
      if (!home) parent.append((home = Object.assign(document.createElement("ol"), { className: "replies" })));
    }
    parent || list.dataset.livePlace !== "start" ? home.append(item) : home.prepend(item);
    [...all(`[data-live-empty="${frame.t}"]`), ...all("[data-live-empty]", list)].forEach((el) => el.remove());
    settle(item);
    return item;
  }

  const holders = new WeakMap();
  function holderOf(list) {
    if (!holders.has(list)) {
      const holder = document.createElement("div");
      holder.setAttribute("role", "status");
      list.dataset.livePlace === "start" ? list.before(holder) : list.after(holder);
      holders.set(list, holder);
    }
    return holders.get(list);
  }

  let counted;
  function counters() {
    counted ??= setTimeout(() => {
      counted = undefined;
      for (const [list, frames] of waiting) {
        const holder = holderOf(list);
        if (!list.isConnected || !frames.length) {
          holder.replaceChildren();
          waiting.delete(list);
          continue;
        }
        const text = frames.length === 1 ? list.dataset.liveNewOne : list.dataset.liveNewMany.replace("{n}", numbers.format(frames.length));
        if (!holder.firstChild) {
          const button = Object.assign(document.createElement("button"), { type: "button", className: "fresh" });
          button.onclick = () => show(list);
          holder.append(button);
        }
        holder.firstChild.textContent = text;
      }
    }, holderCalm());
  }

  // A screen reader hears of new items at most every two seconds.
  let spokenAt = 0;
  function holderCalm() {
    const wait = Math.max(0, spokenAt + 2000 - Date.now());
    spokenAt = Date.now() + wait;
    return wait;
  }

  function show(list) {
    const items = (waiting.get(list) ?? []).map((frame) => insert(list, frame)).filter(Boolean);
    waiting.delete(list);
    holderOf(list).replaceChildren();
    const first = list.dataset.livePlace === "start" ? items.at(-1) : items[0];
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  }

  // --- Regions ----------------------------------------------------------------------------------
  function regions(topic) {
    const lists = all(`[data-live-log="${topic}"]`).map((el) => (waiting.delete(el), holderOf(el).replaceChildren(), el.closest("[id]")));
    return [...new Set([...lists, ...all(`[data-live-replace^="${topic}#"], [data-live-refetch~="${topic}"]`)])].filter(Boolean);
  }

  const made = (html) => {
    const template = document.createElement("template");
    template.innerHTML = (html?.[language] ?? html?.tr ?? "").trim();
    return template.content.firstElementChild;
  };

  // Many readers ask for the same page; the more they are, the longer they spread.
  const spread = () => Math.random() * (1500 + 10 * Math.max(0, ...[...states.values()].map(({ d }) => d.count ?? 0)));
  const due = new Map(); // address -> ids
  function refetch(el) {
    if (!el.id) return;
    const address = el.dataset.liveUrl || location.href;
    if (due.has(address)) return due.get(address).add(el.id);
    due.set(address, new Set([el.id]));
    setTimeout(async () => {
      const ids = due.get(address);
      due.delete(address);
      const since = performance.now();
      try {
        const answer = await fetch(address, { headers: { "X-Requested-With": "live" }, cache: "no-store" });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ids) {
          const old = document.getElementById(id), fresh = page.getElementById(id);
          if (fresh) askedAt.set(fresh, since);
          if (old) swap(old, fresh);
        }
        if (address === location.href && page.body.dataset.liveTopics) {
          data.liveTopics = page.body.dataset.liveTopics; // a ballot opened: the page follows it too
          follow();
        }
      } catch { /* the next change, or the next reload, brings it */ }
    }, spread());
  }

  const fields = "input:not([type=hidden], [type=submit], [type=button], [type=checkbox], [type=radio]), textarea, select";
  const isSending = (el) => el.matches(".htmx-request") || el.querySelector(".htmx-request") !== null; // its answer comes here
  const busy = (el) => isSending(el) || (el.contains(document.activeElement) && document.activeElement.matches(fields)) || all("textarea, input[type=text]", el).some((field) => field.value !== field.defaultValue);

  // Focus stays where it was, what the reader opened stays open, and what they type is never taken away.
  const latest = new WeakMap();
  function swap(old, fresh, keeping) {
    if (!fresh || !old.isConnected) return;
    if (busy(old)) {
      const isWaiting = latest.has(old);
      latest.set(old, fresh);
      if (!isWaiting) setTimeout(() => (fresh = latest.get(old), latest.delete(old), swap(old, fresh, keeping)), 1000);
      return;
    }
    const focusable = "a[href], button, input, summary, [tabindex]";
    const at = old.contains(document.activeElement) ? document.activeElement : null;
    const index = all(focusable, old).indexOf(at);
    for (const el of keeping ? all("[data-live-keep], .replies", old) : []) {
      if (!old.contains(el)) continue; // it moved along with another one
      const slot = all("[data-live-keep], .replies", fresh).find((each) => each.dataset.liveKeep === el.dataset.liveKeep);
      if (slot) slot.replaceWith(el);
      else if (el.matches(".replies")) fresh.append(el);
    }
    all("details[open][id]", old).forEach((el) => fresh.querySelector(`#${CSS.escape(el.id)}`)?.setAttribute("open", ""));
    old.replaceWith(fresh);
    if (at) {
      const same = (at.id && document.getElementById(at.id)) || all(focusable, fresh).find((el) => at.name && el.name === at.name && el.value === at.value);
      const target = same || all(focusable, fresh)[index] || fresh;
      if (target === fresh) fresh.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
    settle(fresh);
  }

  function settle(root) {
    window.htmx?.process(root);
    all("[data-live-log]", root).forEach(holderOf);
    changed(root);
    catchUp(askedAt.get(root));
  }

  // --- Countdowns, by the server's clock ------------------------------------------------------------
  function tick() {
    for (const el of all("[data-live-until]")) {
      const left = Math.max(0, Math.round((new Date(el.dataset.liveUntil) - Date.now() - offset) / 1000));
      if (left >= 86_400) continue;
      const text = [left / 3600, (left / 60) % 60, left % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
      el.textContent = (el.dataset.liveText ?? "{left}").replace("{left}", text);
    }
  }

  // --- Life of the page -----------------------------------------------------------------------------
  addEventListener("htmx:afterSettle", () => follow());
  addEventListener("offline", () => drop(1006));
  addEventListener("online", () => socket || connect());
  addEventListener("pagehide", () => {
    const old = socket;
    socket = null;
    [retry, lostTimer, pollTimer, deadline].forEach(clearTimeout);
    lostTimer = undefined;
    old?.close();
  });
  addEventListener("pageshow", (event) => event.persisted && connect());
  addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (socket) say({ type: "ping" }) !== false && expect(5_000);
    else connect();
  });
  setInterval(() => document.hidden || tick(), 1000);
  tick();
  all("[data-live-log]").forEach(holderOf);
  follow();
}
