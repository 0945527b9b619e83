"use strict";
// Asks for the numbers again and again, and draws what has become of them in the last minutes.
const POLL = 2000, MINUTE = 60000, KEPT = 5 * MINUTE, WIDTH = 300, HEIGHT = 60;
// A rate of a shorter time would be as good as any number.
const SHORTEST = MINUTE / 6;
const moments = [];
let answered = Date.now();

/** The numbers of a text by name: lists of labels and values. */
function parse(text) {
  const metrics = new Map();
  for (const [, name, inside, value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const labels = {};
    for (const [, label, quoted] of (inside ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[label] = quoted.replace(/\\(.)/g, (_, letter) => (letter === "n" ? "\n" : letter));
    }
    if (!metrics.has(name)) metrics.set(name, []);
    metrics.get(name).push({ labels, value: Number(value) });
  }
  return metrics;
}

/** The sum of a metric at a moment, of one value of a label or of all. */
function sum(metrics, name, label, value) {
  const found = (metrics.get(name) ?? []).filter(({ labels }) => label === undefined || labels[label] === value);
  return found.reduce((all, one) => all + one.value, 0);
}

/** How much a counter has grown in the minute before each moment, and in how many minutes. One that begins anew begins at 0. */
function growth(numbers) {
  let first = 0;
  const grown = [0];
  for (let i = 1; i < numbers.length; i++) {
    const more = numbers[i] - numbers[i - 1];
    grown.push(grown[i - 1] + (more < 0 ? numbers[i] : more));
  }
  return numbers.map((_, i) => {
    while (moments[first].at < moments[i].at - MINUTE) first++;
    return { more: grown[i] - grown[first], minutes: (moments[i].at - moments[first].at) / MINUTE };
  });
}

/** The line of a curve: a number for each moment, or undefined where there is none. */
function line({ metric, kind, by }, value) {
  const numbers = (name) => moments.map(({ metrics }) => sum(metrics, name, by, value));
  if (kind === "value") return numbers(metric);
  if (kind === "rate") return growth(numbers(metric)).map(({ more, minutes }) => (minutes * MINUTE >= SHORTEST ? more / minutes : undefined));
  const counts = growth(numbers(`${metric}_count`));
  return growth(numbers(`${metric}_sum`)).map(({ more }, i) => (counts[i].more > 0 ? more / counts[i].more : undefined));
}

function words(kind, number) {
  if (number === undefined) return kind === "mean" ? "none" : "";
  if (kind !== "mean") return number < 10 ? String(Number(number.toFixed(1))) : number.toFixed(0);
  return number < 0.001 ? `${(number * 1e6).toFixed(0)}µs` : number < 1 ? `${(number * 1e3).toFixed(1)}ms` : `${number.toFixed(1)}s`;
}

function draw(svg, lines, top) {
  const end = moments.at(-1).at;
  const span = Math.max(end - moments[0].at, MINUTE);
  svg.replaceChildren(...lines.map(({ name, points }) => {
    const drawn = document.createElementNS(svg.namespaceURI, "polyline");
    const places = points.map((point, i) => point === undefined ? "" :
      `${(WIDTH - ((end - moments[i].at) / span) * WIDTH).toFixed(1)},${(HEIGHT - 2 - (point / (top || 1)) * (HEIGHT - 4)).toFixed(1)}`);
    drawn.setAttribute("points", places.join(" "));
    drawn.dataset.line = name;
    return drawn;
  }));
}

function show() {
  for (const box of document.querySelectorAll("[data-metric]")) {
    const { kind } = box.dataset;
    const lines = [...box.querySelectorAll("output")].map((now) => {
      const name = now.parentElement.dataset.line;
      const points = line(box.dataset, name);
      now.textContent = words(kind, points.at(-1));
      return { name, points };
    });
    const drawn = lines.flatMap(({ points }) => points.filter((point) => point !== undefined));
    const top = Math.max(0, ...drawn);
    draw(box.querySelector("svg"), lines, top);
    box.querySelector(".top").textContent = drawn.length ? `up to ${words(kind, top)}` : "";
  }
}

/** Puts the page as it is now in the place of what it was, where it differs. */
const served = new Map();
function refresh(page) {
  for (const part of page.querySelectorAll("section, #health")) {
    if (served.get(part.id) === part.outerHTML) continue;
    served.set(part.id, part.outerHTML);
    document.getElementById(part.id).replaceWith(part);
  }
}

async function read(path) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(2 * POLL) });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

async function poll() {
  const fresh = document.getElementById("fresh");
  try {
    const [text, page] = await Promise.all([read("metrics"), read("./")]);
    answered = Date.now();
    moments.push({ at: answered, metrics: parse(text) });
    while (moments[0].at < answered - KEPT) moments.shift();
    refresh(new DOMParser().parseFromString(page, "text/html"));
    show();
    fresh.textContent = "";
  } catch {
    fresh.textContent = `no answer for ${Math.round((Date.now() - answered) / 1000)} seconds`;
  }
  setTimeout(poll, POLL);
}

document.documentElement.classList.add("scripted");
poll();
