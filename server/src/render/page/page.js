"use strict";
(() => {
  const svg = document.getElementById("map");
  const byId = (id) => document.getElementById(id);
  const all = (query) => document.querySelectorAll(query);
  const unitsPerKm = Number(svg.dataset.km);
  const [, , fullWidth, fullHeight] = svg.getAttribute("viewBox").split(" ").map(Number);
  const NEAR = 24; // metres per pixel: below it, stops show their numbers
  document.documentElement.classList.add("js");
  document.querySelector(".zoom").hidden = false;

  // The view: middle, and units of the drawing per pixel.
  const view = { x: fullWidth / 2, y: fullHeight / 2, k: 1 };
  let widest = 1;
  let drawn = false;

  const draw = () => {
    drawn = false;
    const width = svg.clientWidth * view.k;
    const height = svg.clientHeight * view.k;
    svg.setAttribute("viewBox", [view.x - width / 2, view.y - height / 2, width, height].map((n) => n.toFixed(1)).join(" "));
    svg.style.setProperty("--k", view.k.toFixed(3));
    svg.classList.toggle("near", (view.k / unitsPerKm) * 1000 < NEAR);
    drawScaleBar();
  };
  const redraw = () => {
    if (!drawn) { drawn = true; requestAnimationFrame(draw); }
  };
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const settle = () => {
    view.k = clamp(view.k, widest / 200, widest * 1.5);
    view.x = clamp(view.x, 0, fullWidth);
    view.y = clamp(view.y, 0, fullHeight);
    redraw();
  };
  const fitBox = (box, room) => {
    view.x = box.x + box.width / 2;
    view.y = box.y + box.height / 2;
    view.k = Math.max(box.width / (svg.clientWidth || 1), box.height / (svg.clientHeight || 1), unitsPerKm / 1000) * room;
  };
  const fit = () => {
    fitBox({ x: 0, y: 0, width: fullWidth, height: fullHeight }, 1);
    widest = view.k;
    settle();
  };
  const zoom = (factor, clientX, clientY) => {
    const box = svg.getBoundingClientRect();
    const dx = clientX === undefined ? 0 : clientX - box.left - box.width / 2;
    const dy = clientY === undefined ? 0 : clientY - box.top - box.height / 2;
    const k = clamp(view.k * factor, widest / 200, widest * 1.5);
    view.x += dx * (view.k - k);
    view.y += dy * (view.k - k);
    view.k = k;
    settle();
  };
  const drawScaleBar = () => {
    const bar = byId("scale-bar");
    const room = (110 * view.k) / unitsPerKm; // kilometres
    const power = 10 ** Math.floor(Math.log10(room));
    const km = power * ([5, 2, 1].find((n) => n * power <= room) || 1);
    bar.hidden = false;
    bar.firstElementChild.style.width = `${(km * unitsPerKm) / view.k}px`;
    bar.lastElementChild.textContent = km >= 1 ? `${km} km` : `${Math.round(km * 1000)} m`;
  };

  // One route alone.
  let chosen = null;
  const choose = (number) => {
    chosen = number;
    svg.classList.toggle("chosen", number !== null);
    for (const part of all("[data-route]")) part.classList.toggle("on", part.dataset.route === number);
    byId("all-routes").hidden = number === null;
    if (number === null) { fit(); return; }
    const line = svg.querySelector(`.lines [data-route="${number}"]`);
    fitBox(line.getBBox(), 1.25);
    settle();
  };
  const heat = (number) => {
    for (const part of all(".lines [data-route]")) part.classList.toggle("hot", part.dataset.route === number);
  };
  for (const row of all(".routes tbody tr")) {
    row.addEventListener("click", (event) => {
      event.preventDefault();
      const number = row.dataset.route;
      const toList = event.target.closest(".chip") !== null;
      choose(chosen === number && !toList ? null : number);
      for (const list of all(".route-stops")) list.open = list.dataset.route === chosen;
      if (toList) byId(`route-${number}`).scrollIntoView({ block: "start" });
    });
    row.addEventListener("pointerenter", () => heat(row.dataset.route));
    row.addEventListener("pointerleave", () => heat(null));
  }
  for (const list of all(".route-stops")) {
    const marks = all(`.stops[data-route="${list.dataset.route}"] .stop`);
    list.querySelectorAll("tbody tr").forEach((row, i) => {
      row.addEventListener("pointerenter", () => { marks[i].classList.add("hot"); marks[i].parentNode.append(marks[i]); });
      row.addEventListener("pointerleave", () => marks[i].classList.remove("hot"));
    });
  }

  // Drag with the mouse, pinch with two fingers; one finger scrolls the page.
  const pointers = new Map();
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, event);
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const others = [...pointers.values()].filter((p) => p.pointerId !== event.pointerId);
    if (event.pointerType === "touch" && others.length === 0) { pointers.set(event.pointerId, event); return; }
    const share = others.length ? 0.5 : 1;
    const dx = event.clientX - before.clientX;
    const dy = event.clientY - before.clientY;
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 3 && !svg.hasPointerCapture(event.pointerId)) {
      svg.setPointerCapture(event.pointerId);
      svg.classList.add("moving");
    }
    view.x -= dx * view.k * share;
    view.y -= dy * view.k * share;
    if (others.length) {
      const [other] = others;
      const apart = (p) => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY) || 1;
      zoom(apart(before) / apart(event), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
    }
    pointers.set(event.pointerId, event);
    settle();
  });
  const release = (event) => {
    pointers.delete(event.pointerId);
    svg.classList.remove("moving");
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);
  svg.addEventListener("click", (event) => {
    const part = event.target.closest("[data-route]");
    if (moved > 3 || !part) return;
    choose(chosen === part.dataset.route ? null : part.dataset.route);
  });
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    zoom(Math.exp(clamp(event.deltaY * lines, -200, 200) * 0.0022), event.clientX, event.clientY);
  }, { passive: false });
  svg.addEventListener("keydown", (event) => {
    const step = 60 * view.k;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key === "+" || event.key === "=") zoom(1 / 1.4);
    else if (event.key === "-") zoom(1.4);
    else if (event.key === "0") fit();
    else if (event.key === "Escape" && chosen !== null) choose(null);
    else if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; settle(); }
    else return;
    event.preventDefault();
  });
  byId("zoom-in").addEventListener("click", () => zoom(1 / 1.6));
  byId("zoom-out").addEventListener("click", () => zoom(1.6));
  byId("zoom-fit").addEventListener("click", fit);
  byId("all-routes").addEventListener("click", () => choose(null));

  // Tooltips at once instead of the browser's late ones.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  svg.addEventListener("pointermove", (event) => {
    const shape = event.target.closest("[data-tip], :has(> title)");
    const title = shape && shape.querySelector(":scope > title");
    if (title) {
      shape.dataset.tip = title.textContent;
      shape.setAttribute("aria-label", title.textContent);
      title.remove();
    }
    tip.hidden = !shape || pointers.size > 0;
    if (tip.hidden) return;
    tip.textContent = shape.dataset.tip;
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 6)}px`;
    tip.style.top = `${event.clientY + 16 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 16}px`;
  });
  svg.addEventListener("pointerleave", () => { tip.hidden = true; heat(null); });
  svg.addEventListener("pointerover", (event) => {
    const part = event.target.closest("[data-route]");
    heat(part ? part.dataset.route : null);
  });

  new ResizeObserver(() => (chosen === null && view.k >= widest * 0.98 ? fit() : redraw())).observe(svg);
  fit();
  draw();
})();
