// Maps of proposals: many points (data-map="points"), one (data-map="one"), or a point to choose (data-map="pick").
// Without this file the list and the two fields for degrees do the same. Everything comes from this site, tiles perhaps excepted.
"use strict";
{
  const number = (text) => Number.parseFloat(String(text).replace(",", "."));

  function start(box) {
    const data = box.dataset;
    const map = L.map(box, { zoomControl: false, zoomSnap: 0.5, scrollWheelZoom: data.map !== "one", attributionControl: Boolean(data.tiles) });
    L.control.zoom({ zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map);
    map.setView([number(data.lat), number(data.lng)], number(data.zoom));
    if (data.tiles) L.tileLayer(data.tiles, { attribution: data.attribution, maxZoom: 19 }).addTo(map);
    else outline(map, box);
    ({ points, one, pick })[data.map](map, box);
  }

  // The districts, drawn from our own file when there are no tiles.
  async function outline(map, box) {
    try {
      const answer = await fetch(box.dataset.outline);
      const shapes = L.geoJSON(await answer.json(), {
        interactive: false,
        style: { className: "district" },
        onEachFeature: (feature, layer) => {
          const name = document.createElement("span");
          name.textContent = feature.properties.name ?? "";
          layer.bindTooltip(name, { permanent: true, direction: "center" });
        },
      }).addTo(map);
      shapes.bringToBack();
      const whole = shapes.getBounds();
      if (whole.isValid() && box.dataset.map === "points") map.fitBounds(whole, { padding: [8, 8], animate: false });
    } catch { /* the points stand without it */ }
  }

  function mark(at, count, label) {
    const size = count > 1 ? Math.min(56, 30 + 6 * Math.log2(count)) : 26;
    const words = document.createElement("span");
    words.textContent = count > 1 ? count.toLocaleString(document.documentElement.lang) : "";
    const marker = L.marker(at, { icon: L.divIcon({ className: "mark", html: words, iconSize: [size, size] }), title: label });
    marker.on("add", () => marker.getElement()?.setAttribute("aria-label", label));
    return marker;
  }

  function points(map, box) {
    const layer = L.layerGroup().addTo(map);
    const said = document.querySelector("[data-map-said]");
    const say = (name, n) => { if (said) said.textContent = said.dataset[name].replace("{n}", n); };
    let asked = 0;

    async function load() {
      const mine = ++asked;
      const bounds = map.getBounds().pad(0.1);
      const url = new URL(box.dataset.points, location);
      const edge = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(5);
      url.searchParams.set("kutu", [edge(bounds.getSouth(), 90), edge(bounds.getWest(), 180), edge(bounds.getNorth(), 90), edge(bounds.getEast(), 180)].join());
      url.searchParams.set("yakinlik", Math.round(map.getZoom()));
      try {
        const found = await (await fetch(url)).json();
        if (mine !== asked) return; // the reader has moved on
        layer.clearLayers();
        for (const point of found.points) layer.addLayer(pointMark(map, box, point));
        if (!found.total) say("none");
        else say(found.total === 1 ? "one" : "many", found.total.toLocaleString(document.documentElement.lang));
      } catch {
        say("failed");
      }
    }
    let timer;
    map.on("moveend", () => { clearTimeout(timer); timer = setTimeout(load, 120); });
    load();
  }

  function pointMark(map, box, point) {
    const at = [point.lat, point.lng];
    if (point.n > 1) {
      const marker = mark(at, point.n, box.dataset.group.replace("{n}", point.n));
      return marker.on("click", () => map.setView(at, Math.min(18, map.getZoom() + 2)));
    }
    const words = document.createElement("div");
    const link = document.createElement("a");
    link.href = point.url;
    link.textContent = point.title;
    const stage = document.createElement("small");
    stage.textContent = point.stage;
    words.append(link, stage);
    return mark(at, 1, point.title).bindPopup(words);
  }

  function one(map, box) {
    const at = [number(box.dataset.pointLat), number(box.dataset.pointLng)];
    mark(at, 1, box.getAttribute("aria-label")).addTo(map);
    map.setView(at, box.dataset.tiles ? 14 : number(box.dataset.zoom));
  }

  function pick(map, box) {
    const form = box.closest("form");
    const { latitude, longitude } = form.elements;
    const clear = form.querySelector("[data-map-clear]");
    let marker;

    function show(at) {
      marker?.remove();
      marker = at && mark(at, 1, box.getAttribute("aria-label")).addTo(map);
      clear.hidden = !at;
    }
    function write(at) {
      latitude.value = at ? at.lat.toFixed(6) : "";
      longitude.value = at ? at.lng.toFixed(6) : "";
      latitude.dispatchEvent(new Event("input", { bubbles: true })); // saved like everything typed
      show(at);
    }
    function read() {
      const at = [number(latitude.value), number(longitude.value)];
      show(at.every(Number.isFinite) ? L.latLng(at) : null);
      return marker;
    }
    if (read()) map.setView(marker.getLatLng(), 12);
    map.on("click", (event) => write(event.latlng.wrap()));
    clear.addEventListener("click", () => write(null));
    for (const field of [latitude, longitude]) field.addEventListener("change", () => { if (read()) map.panTo(marker.getLatLng()); });
    box.closest("details")?.addEventListener("toggle", () => map.invalidateSize());
  }

  // Leaflet weighs more than the rest of a page together: it comes when a map is about to be seen.
  let library;
  const leaflet = (address) => (library ??= new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject }));
  }));
  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      leaflet(target.dataset.leaflet).then(() => start(target), () => (target.hidden = true));
    }
  }, { rootMargin: "200px" });

  for (const box of document.querySelectorAll("[data-map]")) {
    box.hidden = false; // its place is kept, so that nothing moves when it comes
    watcher.observe(box);
  }
}
