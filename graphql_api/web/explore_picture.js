// The picture of a network: where each node stands, and the shapes drawn there. The same answer is always the same picture:
// nothing here is random. Elsewhere: what is asked and told (explore.js), places of a small network (explore_spread.js).
import { hopsFrom, spread } from "./explore_spread.js";

const SVG = "http://www.w3.org/2000/svg";
const TURN = 2 * Math.PI;
const SPACING = 15; // least distance of neighbours on a ring, in units of the picture
const GAP = 75; // least distance of two rings
const ROW = 16; // distance of a ring's rows
const MOST_SPREAD = 60; // nodes that stand by their distances; more, or a star, stand on rings around the start

/** Ids linked with each node, each list sorted by id. */
export function neighboursOf(network) {
  const found = new Map(network.nodes.map((node) => [node.id, new Set()]));
  for (const { source, target } of network.edges) {
    found.get(source).add(target);
    found.get(target).add(source);
  }
  return new Map([...found].map(([id, ids]) => [id, [...ids].sort()]));
}

/** Groups that hang together without the start, the largest first; each as ids in order of discovery. */
export function groupsOf(network, neighbours) {
  const seen = new Set([network.nodes[0].id]);
  const groups = [];
  for (const id of network.nodes.map((node) => node.id).sort()) {
    if (seen.has(id)) continue;
    const group = [...hopsFrom(id, neighbours, seen).keys()];
    group.forEach((one) => seen.add(one));
    groups.push(group);
  }
  return groups.sort((one, other) => other.length - one.length || (one[0] < other[0] ? -1 : 1));
}

/** A tree of the network: each node below one neighbour a hop nearer the start, rings in order, groups side by side. */
export function treeOf(network, neighbours) {
  const start = network.nodes[0].id;
  const distance = new Map(network.nodes.map((node) => [node.id, node.distance]));
  const inGroupOrder = groupsOf(network, neighbours).flat();
  const parent = new Map();
  const children = new Map(network.nodes.map((node) => [node.id, []]));
  const rings = [[start]];
  const deepest = Math.max(...distance.values());
  for (let hop = 1; hop <= deepest; hop += 1) {
    const pending = inGroupOrder.filter((id) => distance.get(id) === hop);
    const place = new Map(rings[hop - 1].map((id, position) => [id, position]));
    // Who links to later sectors stands last in its own, so that links between sectors stay short.
    const reach = (id) => Math.max(-1, ...neighbours.get(id).map((near) => place.get(near) ?? -1));
    const far = new Map(pending.map((id) => [id, reach(id)]));
    for (const id of pending) {
      const above = neighbours.get(id).filter((near) => place.has(near));
      parent.set(id, above.sort((one, other) => place.get(one) - place.get(other))[0] ?? rings[hop - 1][0]);
      children.get(parent.get(id)).push(id);
    }
    for (const id of rings[hop - 1]) children.get(id).sort((one, other) => far.get(one) - far.get(other));
    rings.push(rings[hop - 1].flatMap((id) => children.get(id)));
  }
  return { start, parent, children, rings };
}

/** Where each node stands, by id, and the radii of rings, where there are any. */
export function layoutOf(network) {
  const neighbours = neighboursOf(network);
  const tree = treeOf(network, neighbours);
  const links = [...neighbours.values()].reduce((sum, near) => sum + near.length, 0) / 2;
  const isStar = links === network.nodes.length - 1 && neighbours.get(tree.start).length > 2; // no link crosses another
  const { places, radii } = network.nodes.length <= MOST_SPREAD && !isStar ? { places: spread(network.nodes.map(({ id }) => id), neighbours), radii: [] } : ringsOf(tree);
  return { places, radii, tree, neighbours };
}

/** Places on rings around the start. Sectors are as wide as what hangs below them. */
function ringsOf(tree) {
  const weight = new Map();
  for (const ring of [...tree.rings].reverse()) {
    for (const id of ring) weight.set(id, Math.max(1, tree.children.get(id).reduce((sum, below) => sum + weight.get(below), 0)));
  }
  const angles = new Map([[tree.start, { from: 0, to: TURN }]]);
  for (const id of tree.rings.flat()) {
    let { from } = angles.get(id);
    const share = (angles.get(id).to - from) / weight.get(id);
    for (const below of tree.children.get(id)) {
      angles.set(below, { from, to: from + share * weight.get(below) });
      from += share * weight.get(below);
    }
  }
  const middle = (id) => (angles.get(id).from + angles.get(id).to) / 2 - TURN / 4;
  const places = new Map([[tree.start, placeAt(-TURN / 4, 0)]]);
  const radii = [];
  let edge = 0;
  for (const ring of tree.rings.slice(1)) {
    const rows = rowsOf(ring);
    const radius = Math.max(edge + GAP, (1.15 * ring.length * SPACING) / rows / TURN);
    const spread = spreadOut(ring.map(middle), SPACING / rows / radius);
    ring.forEach((id, position) => places.set(id, placeAt(spread[position], radius + (position % rows) * ROW)));
    radii.push(radius);
    edge = radius + (rows - 1) * ROW;
  }
  return { places, radii };
}

/** A crowded ring stands in two or three rows, so that the picture stays small enough to read. */
function rowsOf(ring) {
  return ring.length > 120 ? 3 : ring.length > 40 ? 2 : 1;
}

/** Rising angles of a ring moved apart to a least gap, each as little as it can: isotonic regression by pooling neighbours. */
export function spreadOut(angles, gap) {
  const pools = [];
  angles.forEach((angle, position) => {
    let pool = { sum: angle - position * gap, size: 1 };
    while (pools.length && pools.at(-1).sum / pools.at(-1).size > pool.sum / pool.size) {
      const before = pools.pop();
      pool = { sum: before.sum + pool.sum, size: before.size + pool.size };
    }
    pools.push(pool);
  });
  const [first, last] = [(gap - TURN / 2) / 2, (1.5 * TURN - gap) / 2 - (angles.length - 1) * gap]; // the last keeps off the first
  const pooled = pools.flatMap(({ sum, size }) => Array(size).fill(Math.min(last, Math.max(first, sum / size))));
  return pooled.map((angle, position) => angle + position * gap);
}

function placeAt(angle, radius) {
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** An SVG element. */
export function shape(name, attributes = {}, ...parts) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...parts);
  return made;
}

/** The outline of a kind of node around 0,0: told apart without colour too, and the same in files (`exports/svg.py`). */
export function outline(kind, size) {
  const corners = (...points) => `M${points.map(([x, y]) => `${round(x * size)},${round(y * size)}`).join("L")}Z`;
  if (kind === "PERSON") return `M${-size},0a${size},${size} 0 1,0 ${2 * size},0a${size},${size} 0 1,0 ${-2 * size},0Z`;
  if (kind === "EVENT") return corners([-0.92, -0.92], [0.92, -0.92], [0.92, 0.92], [-0.92, 0.92]);
  if (kind === "AREA") return corners([0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]);
  if (kind === "CONCEPT") return corners([0, -1.15], [1.1, 0.85], [-1.1, 0.85]);
  return corners([-1.15, 0], [-0.58, -1], [0.58, -1], [1.15, 0], [0.58, 1], [-0.58, 1]);
}

const round = (number) => Math.round(number * 100) / 100;

/** The line of a link: straight within the tree, else bowed outwards; `again` bows a second link of the same two. */
function line(one, other, { treeLink, again }) {
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const [x, y] = [(one.x + other.x) / 2, (one.y + other.y) / 2];
  const outwards = dx * y - dy * x < 0 ? -1 : 1;
  const bow = outwards * ((treeLink ? 0 : 0.16) + 0.2 * again);
  return `M${round(one.x)},${round(one.y)}Q${round(x - dy * bow)},${round(y + dx * bow)} ${round(other.x)},${round(other.y)}`;
}

/** How large a node is drawn: more links in the picture, larger; the start the largest. */
function sizeOf(node, links) {
  return node.distance === 0 ? 13 : Math.min(11, 5 + 1.3 * Math.log2(Math.max(1, links)));
}

const MOST_CAPTIONS = 100; // looked at for room
const LETTER = 0.6; // width of a letter, of the caption's size

const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Where a caption may stand beside its node: below, above, to the right, to the left. */
function sidesOf(size, font) {
  const [up, aside] = [size + 5, size + 6];
  return [
    { x: 0, y: up + 0.8 * font, anchor: "middle" },
    { x: 0, y: -up, anchor: "middle" },
    { x: aside, y: 0.35 * font, anchor: "start" },
    { x: -aside, y: 0.35 * font, anchor: "end" },
  ];
}

/** Captions by id, each clear of all nodes and of the captions before it and inside the picture; without room, none. */
export function captionsOf(nodes, { places, sizes, captionOf, font, reach }) {
  const taken = nodes.map(({ id }) => {
    const [{ x, y }, size] = [places.get(id), sizes.get(id)];
    return { left: x - size, right: x + size, top: y - size, bottom: y + size };
  });
  const found = new Map();
  for (const node of nodes.filter(captionOf).slice(0, MOST_CAPTIONS)) {
    const text = captionOf(node);
    const [{ x, y }, width] = [places.get(node.id), LETTER * font * text.length];
    for (const side of sidesOf(sizes.get(node.id), font)) {
      const left = x + side.x - { start: 0, middle: 0.5, end: 1 }[side.anchor] * width;
      const box = { left, right: left + width, top: y + side.y - 0.85 * font, bottom: y + side.y + 0.25 * font };
      if (box.left < -reach || box.right > reach || taken.some((one) => meet(one, box))) continue;
      taken.push(box);
      found.set(node.id, { text, ...side });
      break;
    }
  }
  return found;
}

/** Draw the network into an svg; `nameOf(node)` is each node's spoken name, `captionOf(node)` the text beside it or "". */
export function draw(svg, network, { nameOf, captionOf }) {
  const layout = layoutOf(network);
  const { places, radii, tree, neighbours } = layout;
  const rings = radii.map((r) => shape("circle", { class: "ring", r: round(r) }));
  const told = new Map();
  const edges = network.edges.map((edge) => {
    const pair = `${edge.source} ${edge.target}`;
    const again = told.get(pair) ?? 0;
    told.set(pair, again + 1);
    const treeLink = tree.parent.get(edge.source) === edge.target || tree.parent.get(edge.target) === edge.source;
    const d = line(places.get(edge.source), places.get(edge.target), { treeLink, again });
    return shape("path", { class: `edge ${edge.kind.toLowerCase() || "none"}`, d });
  });
  const skipped = new Set(network.skippedHubs.map((hub) => hub.id));
  const farthest = (least, of) => Math.max(least, ...[...places.values()].map((place) => Math.abs(of(place))));
  const [wide, high] = [farthest(190, ({ x }) => x), farthest(120, ({ y }) => y)];
  const scale = Math.max((2 * wide) / svg.clientWidth, (2 * high) / svg.clientHeight) || 1; // no width where it is not shown
  const font = Math.round(Math.max(10, Math.min(24, 11 * scale))); // as large on the screen in a large picture
  const reach = { x: wide + 4 * font, y: high + 3 * font }; // a short caption fits beside the outermost node
  const sizes = new Map(network.nodes.map((node) => [node.id, sizeOf(node, neighbours.get(node.id).length)]));
  const captions = captionsOf(network.nodes, { places, sizes, captionOf, font, reach: reach.x });
  const nodes = network.nodes.map((node) => {
    const { x, y } = places.get(node.id);
    const size = sizes.get(node.id);
    const classes = `node ${node.kind.toLowerCase()}${node.distance ? "" : " start"}${skipped.has(node.id) ? " skipped" : ""}`;
    const made = shape("g", { class: classes, transform: `translate(${round(x)},${round(y)})`, role: "button", tabindex: -1 });
    made.setAttribute("aria-label", nameOf(node));
    made.append(shape("title", {}, nameOf(node)), shape("circle", { class: "halo", r: size + 4 }));
    made.append(shape("path", { d: outline(node.kind, size) }));
    const caption = captions.get(node.id);
    if (caption) made.append(shape("text", { x: round(caption.x), y: round(caption.y), "text-anchor": caption.anchor, "font-size": font }, caption.text));
    return made;
  });
  svg.replaceChildren(...rings, ...edges, ...nodes);
  const elements = new Map(network.nodes.map((node, position) => [node.id, nodes[position]]));
  return { ...layout, edges, elements, reach };
}

/** Emphasise a node with its links and neighbours; null takes the emphasis away. */
export function emphasise(svg, drawn, network, id) {
  const near = id === null ? [] : [id, ...drawn.neighbours.get(id)];
  standOut(svg, drawn, network, near, ({ source, target }) => source === id || target === id);
  drawn.elements.forEach((element, other) => element.classList.toggle("chosen", other === id));
}

/** Let only these nodes stand out, and the links among them or those that `isNear`. */
export function standOut(svg, drawn, network, ids, isNear = ({ source, target }) => ids.includes(source) && ids.includes(target)) {
  svg.classList.toggle("picking", ids.length > 0);
  drawn.elements.forEach((element, id) => element.classList.toggle("near", ids.includes(id)));
  network.edges.forEach((edge, position) => drawn.edges[position].classList.toggle("near", isNear(edge)));
}

/** Which node an arrow key leads to: along the ring, or between rings. */
export function stepFrom({ tree, places }, id, key) {
  const ring = tree.rings.find((ids) => ids.includes(id));
  const turn = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (turn) return ring[(ring.indexOf(id) + turn + ring.length) % ring.length];
  if (key === "ArrowUp") return tree.parent.get(id) ?? id;
  if (key === "ArrowDown") return tree.children.get(id)[0] ?? id;
  return key === "Home" ? [...places.keys()][0] : null;
}

/** Moving and zooming of a picture: the wheel, dragging, and the buttons. A finger that moves up or down scrolls the page. */
export function makeView(svg) {
  let whole = { x: 200, y: 200 }; // how far it reaches from its middle, sideways and up
  let box = { x: 0, y: 0, zoom: 1 };
  const show = () => {
    const [wide, high] = [whole.x * box.zoom, whole.y * box.zoom];
    svg.setAttribute("viewBox", `${box.x - wide} ${box.y - high} ${2 * wide} ${2 * high}`);
  };
  const move = (change) => {
    box = { ...box, ...change };
    show();
  };
  const scale = () => 2 * box.zoom * Math.max(whole.x / svg.clientWidth, whole.y / svg.clientHeight);
  const zoom = (factor) => move({ zoom: Math.min(4, Math.max(30 / whole.x, box.zoom * factor)) });
  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(".node")) held = { x: event.clientX, y: event.clientY };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held || !event.buttons) return;
    move({ x: box.x - (event.clientX - held.x) * scale(), y: box.y - (event.clientY - held.y) * scale() });
    held = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => { held = null; });
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  return {
    zoom,
    whole: (reach = whole) => {
      whole = reach;
      move({ x: 0, y: 0, zoom: 1 });
    },
  };
}
