// A list with a search, a drawing of what is around the chosen thing, and what is told of it. What is chosen stands behind `#`.
"use strict";

const drawn = JSON.parse(document.getElementById("drawn").textContent);
const nodes = drawn.nodes.map(([topic, name, group, kind]) => ({ topic, name, group, kind }));
const arrows = drawn.arrows.map(([from, to, label, line, words]) => ({ from, to, label, line, words }));
const groups = new Map(drawn.groups.map(([topic, name, version]) => [topic, { topic, name, version }]));
const topics = new Map(Object.entries(drawn.topics));
const broken = new Set(drawn.broken);
const path = new Set(drawn.path);
const list = document.getElementById("list");
const drawing = document.getElementById("drawing");
const links = [...list.querySelectorAll("a")];
/** More boxes than anybody looks at, unless they are asked for. */
const MOST = 40;
/** More boxes than stand one below the other in a window. */
const TALL = 14;
/** More steps than stand side by side in a window, on each side. */
const FAR = 2;
/** More layers than stand side by side in a window. */
const LAYERS = 5;
let steps = "fit";

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** By plugin, then name: the same every time. */
function sorted(numbers) {
  const key = (at) => [groups.get(nodes[at].group)?.name ?? nodes[at].group, nodes[at].name];
  return [...numbers].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    return one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : one[1] < other[1] ? -1 : one[1] > other[1] ? 1 : a - b;
  });
}

/** Those one step further in one direction, step by step, without those that were seen. */
function further(set, from, to, seen) {
  const found = [];
  for (let last = set; ; ) {
    const reached = new Set(last);
    const next = new Set(arrows.filter((one) => reached.has(one[from])).map((one) => one[to]).filter((at) => !seen.has(at)));
    if (next.size === 0) return found;
    next.forEach((at) => seen.add(at));
    last = [...next];
    found.push(last);
  }
}

/** Columns from who needs the chosen ones, on the left, to what these need; and how many steps there are in all. */
function around(chosen) {
  const seen = new Set(chosen);
  const before = further(chosen, "to", "from", seen);
  const after = further(chosen, "from", "to", seen);
  const all = Math.max(before.length, after.length, 1);
  const size = (reach) => [...before.slice(0, reach), ...after.slice(0, reach)].flat().length + chosen.length;
  let reach = steps === "all" ? all : Number(steps);
  if (steps === "fit") for (reach = 1; reach < Math.min(all, FAR) && size(reach + 1) <= MOST; ) reach += 1;
  const title = (number, one, many) => (number === 0 ? one : many.replace("#", number + 1));
  const left = before.slice(0, reach).map((boxes, at) => ({ boxes, title: title(at, "needs it", "# steps away") }));
  const right = after.slice(0, reach).map((boxes, at) => ({ boxes, title: title(at, "is needed", "# steps on") }));
  return { columns: [...left.reverse(), { boxes: chosen, title: "" }, ...right], all, reach, hidden: size(all) - size(reach) };
}

/** Plugins and registries instead of what is in them, in layers: each after who needs it. */
function overview() {
  const at = (node) => node.group || node.topic;
  const outer = nodes.filter((node) => ["component", "registry", "entry"].includes(node.kind) && (groups.has(node.group) || !node.group));
  const names = [...new Set([...groups.keys(), ...outer.map(at)])];
  const next = new Map(names.map((name) => [name, new Map()]));
  for (const { from, to, line } of arrows) {
    const [one, other] = [at(nodes[from]), at(nodes[to])];
    if (one === other || line === "lost" || !next.has(one) || !next.has(other)) continue;
    next.get(one).set(other, (next.get(one).get(other) ?? 0) + 1);
  }
  const layer = new Map();
  const open = new Set();
  const deepest = (name) => {
    if (layer.has(name)) return layer.get(name);
    if (open.has(name)) return 0;
    open.add(name);
    const before = names.filter((one) => next.get(one).has(name)).map((one) => deepest(one) + 1);
    open.delete(name);
    layer.set(name, Math.max(0, ...before));
    return layer.get(name);
  };
  names.forEach(deepest);
  const deep = Math.max(...layer.values(), 0) + 1;
  const columns = [];
  for (const name of names) (columns[Math.floor(layer.get(name) * Math.min(1, LAYERS / deep))] ??= []).push(name);
  const lines = [...next].flatMap(([from, all]) => [...all].map(([to, many]) => ({ from, to, line: "needs", words: `${many} needed` })));
  return { columns: columns.filter(Boolean), lines };
}

/** Puts what is connected beside each other, as far as a few passes can. */
function untangled(columns, lines) {
  const place = new Map();
  const settle = (column) => column.forEach((one, at) => place.set(one, (at + 0.5) / column.length));
  columns.forEach(settle);
  const neighbours = (one) => lines.flatMap(({ from, to }) => (from === one ? [to] : to === one ? [from] : []));
  const beside = new Map(columns.flat().map((one) => [one, neighbours(one).filter((other) => place.has(other))]));
  for (const pass of [columns, [...columns].reverse(), columns]) {
    for (const column of pass) {
      const mean = new Map(column.map((one) => {
        const all = beside.get(one).map((other) => place.get(other));
        return [one, all.length ? all.reduce((sum, at) => sum + at, 0) / all.length : place.get(one)];
      }));
      column.sort((a, b) => mean.get(a) - mean.get(b));
      settle(column);
    }
  }
  return columns;
}

function box(topic, name, kind, note, marks) {
  const children = note ? [name, element("small", { textContent: note })] : [name];
  return element("a", { className: ["box", kind, ...marks].join(" "), href: `#${topic}` }, children);
}

function nodeBox(at, chosen) {
  const { topic, name, kind } = nodes[at];
  const isChosen = chosen.has(at);
  const beside = arrows.filter((one) => (one.from === at && chosen.has(one.to)) || (one.to === at && chosen.has(one.from)));
  const marks = [isChosen && "chosen", path.has(at) && "critical", broken.has(topic) && "broken"].filter(Boolean);
  const said = beside.map(({ label, line }) => (line === "lost" ? label : line === "entry" ? (label === name ? "" : label) : `as ${label}`));
  const note = isChosen ? "" : [...new Set(said.filter(Boolean))].join(", ");
  const made = box(topic, name, kind, note, marks);
  made.title = [...new Set(beside.map((one) => one.words))].join("\n");
  return made;
}

/** Boxes of one column, under the names of their plugins. */
function grouped(boxes, chosen, boxOf) {
  const made = [];
  let last;
  for (const at of boxes) {
    const group = nodes[at].group;
    if (!last || last.group !== group) {
      const name = groups.get(group)?.name ?? group.replace("plugin:", "");
      last = { group, element: element("div", { className: "group" }, name ? [element("span", { textContent: name })] : []) };
      made.push(last.element);
    }
    const one = nodeBox(at, chosen);
    boxOf.set(at, one);
    last.element.append(one);
  }
  return made;
}

/** Arrows between boxes that are on the page, from right to left side; anew where the page has another size. */
function connect(plane, boxOf, lines) {
  plane.querySelector("svg")?.remove();
  const origin = plane.getBoundingClientRect();
  const svg = shape("svg", { width: plane.scrollWidth, height: plane.scrollHeight, "aria-hidden": "true" });
  const marker = shape("marker", { id: "tip", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto", markerUnits: "userSpaceOnUse" });
  marker.append(shape("path", { d: "M0 0 8 4 0 8z" }));
  svg.append(marker);
  for (const one of lines) {
    const [from, to] = [boxOf.get(one.from), boxOf.get(one.to)].map((made) => made?.getBoundingClientRect());
    if (!from || !to) continue;
    const isBack = to.right <= from.left;
    const isBeside = !isBack && to.left < from.right;
    const [x, y] = [(isBack ? from.left : from.right) - origin.left, from.top + from.height / 2 - origin.top];
    const [u, v] = [(isBack || isBeside ? to.right : to.left) - origin.left, to.top + to.height / 2 - origin.top];
    const bend = isBeside ? 40 : Math.max(24, Math.abs(u - x) / 2);
    const [out, into] = [isBack ? x - bend : x + bend, isBack || isBeside ? u + bend : u - bend];
    const line = shape("path", { d: `M${x} ${y}C${out} ${y} ${into} ${v} ${u} ${v}`, class: one.line, "marker-end": "url(#tip)" });
    if (path.has(one.from) && path.has(one.to) && isNext(one.from, one.to)) line.classList.add("critical");
    const isOfChosen = [one.from, one.to].some((end) => boxOf.get(end).classList.contains("chosen"));
    if ((isBack || isBeside) && !isOfChosen) line.classList.add("beside");
    if ([one.from, one.to].some((end) => boxOf.get(end).closest(".crowd"))) line.classList.add("of-crowd");
    line.ends = [boxOf.get(one.from), boxOf.get(one.to)];
    svg.append(line);
  }
  plane.prepend(svg);
}

/** Whether one comes right before the other on the critical path. */
function isNext(from, to) {
  return Math.abs(drawn.path.indexOf(from) - drawn.path.indexOf(to)) === 1;
}

/** Shows whose arrows are whose. */
function light(plane, target) {
  const made = target?.closest?.(".box");
  plane.classList.toggle("lit", Boolean(made));
  plane.querySelectorAll("svg > path").forEach((line) => line.classList.toggle("lit", Boolean(made) && line.ends.includes(made)));
}

function draw(topic) {
  const boxOf = new Map();
  let chosen = topics.get(topic);
  let tools, columns, lines;
  if (topic === "critical-path") chosen = drawn.path;
  if (chosen?.length) {
    const set = new Set(chosen);
    lines = arrows;
    let drawnColumns;
    if (topic === "critical-path") {
      drawnColumns = [...drawn.path].reverse().map((at) => ({ boxes: [at], title: "" }));
      tools = [element("b", { textContent: "Critical path" }), "each waits for the one on its right"];
    } else {
      const found = around(sorted(chosen));
      drawnColumns = found.columns;
      tools = [element("b", { textContent: document.getElementById(topic)?.querySelector("h3").textContent ?? "" }), stepsOf(found)];
      if (found.hidden) tools.push(`${found.hidden} more further away`);
    }
    const shown = new Set(drawnColumns.flatMap((column) => column.boxes));
    const between = arrows.filter((one) => shown.has(one.from) && shown.has(one.to));
    untangled(drawnColumns.map((column) => (column.boxes = sorted(column.boxes))), between);
    columns = drawnColumns.map(({ boxes, title }) => {
      const className = boxes.length > TALL ? "column crowd" : "column";
      return element("div", { className }, [element("p", { textContent: title }), ...grouped(together(boxes), set, boxOf)]);
    });
  } else {
    const found = overview();
    lines = found.lines;
    tools = [element("b", { textContent: "Plugins" }), "who needs whom"];
    columns = untangled(found.columns, lines).map((names) => element("div", { className: "column" }, names.map((name) => {
      const own = nodes.filter((node) => node.group === name && node.kind !== "left-out");
      const group = groups.get(name);
      const marks = broken.has(name) || own.some((node) => broken.has(node.topic)) ? ["broken"] : [];
      const note = group ? `${group.version}, ${own.length} component${own.length === 1 ? "" : "s"}` : "registry";
      const made = box(name, group?.name ?? nodes.find((node) => node.topic === name).name, group ? "" : "registry", note, marks);
      boxOf.set(name, made);
      return made;
    })));
  }
  const plane = element("div", { className: chosen?.length ? "plane" : "plane layers" }, [element("div", { className: "columns" }, columns)]);
  drawing.replaceChildren(element("div", { className: "tools" }, tools), plane);
  connect(plane, boxOf, lines);
  for (const event of ["mouseover", "focusin"]) plane.addEventListener(event, ({ target }) => light(plane, target));
  for (const event of ["mouseleave", "focusout"]) plane.addEventListener(event, () => light(plane));
  drawing.again = () => connect(plane, boxOf, lines);
  const middle = plane.querySelector(".chosen");
  if (middle) middle.scrollIntoView({ block: "center", inline: "center" });
}

/** Those of one plugin beside each other, in the order of the first of each. */
function together(boxes) {
  const order = [...new Set(boxes.map((at) => nodes[at].group))];
  return order.flatMap((group) => boxes.filter((at) => nodes[at].group === group));
}

/** How far away what is drawn may be. */
function stepsOf({ all, reach }) {
  const choices = ["fit", ...Array.from({ length: all }, (_, at) => String(at + 1)), "all"];
  const option = (value) => element("option", { value, textContent: value === "fit" ? `as fits (${reach})` : value, selected: value === steps });
  const select = element("select", { onchange: () => ((steps = select.value), draw(chosenTopic())) }, choices.map(option));
  return element("label", {}, ["steps ", select]);
}

function chosenTopic() {
  const target = document.getElementById(location.hash.slice(1));
  return target?.closest("article")?.id ?? "overview";
}

function show() {
  const topic = chosenTopic();
  const article = document.getElementById(topic);
  document.querySelectorAll("article.shown").forEach((one) => one.classList.remove("shown"));
  article.classList.add("shown");
  document.body.classList.toggle("wide-view", article.classList.contains("wide"));
  for (const link of links) {
    link.removeAttribute("aria-current");
    if (link.hash !== `#${topic}`) continue;
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest" });
  }
  draw(topic);
  // Whoever goes from box to box stays in the drawing.
  if (drawing.isFollowed) drawing.querySelector(".chosen")?.focus({ preventScroll: true });
  drawing.isFollowed = false;
  const target = document.getElementById(location.hash.slice(1));
  document.getElementById("told").scrollTop = 0;
  if (target && target !== article) target.scrollIntoView();
  // In a narrow window they stand one below the other.
  else if (target && matchMedia("(max-width: 60em)").matches) (drawing.offsetHeight ? drawing : article).scrollIntoView();
}

/** Shows those whose names have all these words; and paler those of which they are told. */
function search(text, said) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (where) => words.every((word) => where.includes(word));
  let named = 0;
  let mentioned = 0;
  for (const link of links) {
    const article = document.getElementById(link.hash.slice(1));
    link.searched ??= [article?.querySelector("h3").textContent.toLowerCase() ?? "", article?.textContent.toLowerCase() ?? ""];
    const isNamed = has(link.searched[0]);
    const isMentioned = !isNamed && has(link.searched[1]);
    link.parentElement.hidden = !isNamed && !isMentioned;
    link.classList.toggle("mentions", isMentioned);
    named += isNamed;
    mentioned += isMentioned;
  }
  for (const title of list.querySelectorAll("h2")) title.hidden = ![...title.nextElementSibling.children].some((one) => !one.hidden);
  said.textContent = words.length ? `${named} of this name, ${mentioned} that mention it` : "";
}

function begin() {
  document.documentElement.classList.add("js");
  drawing.hidden = false;
  const said = element("small", { role: "status" });
  const input = element("input", { type: "search", placeholder: "Search ( / )", oninput: () => search(input.value, said) });
  input.setAttribute("aria-label", "Search");
  list.prepend(element("div", { className: "search" }, [input, said]));
  document.addEventListener("keydown", (event) => {
    const visible = links.filter((link) => !link.parentElement.hidden);
    const at = visible.indexOf(document.activeElement);
    if (event.key === "/" && document.activeElement !== input) input.focus();
    else if (event.key === "Escape" && input.value) search((input.value = ""), said);
    else if (event.key === "Enter" && document.activeElement === input) (visible.find((link) => !link.classList.contains("mentions")) ?? visible[0])?.click();
    else if (event.key === "ArrowDown" && (at >= 0 || document.activeElement === input)) visible[at + 1]?.focus();
    else if (event.key === "ArrowUp" && at >= 0) (visible[at - 1] ?? input).focus();
    else return;
    event.preventDefault();
  });
  drawing.addEventListener("click", ({ target }) => (drawing.isFollowed = Boolean(target.closest(".box"))));
  addEventListener("hashchange", show);
  new ResizeObserver(() => drawing.again?.()).observe(drawing);
  show();
}

begin();
