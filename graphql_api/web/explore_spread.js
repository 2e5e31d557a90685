// Places of a small network such that distances in the picture are near those in the network: stress majorisation
// (Gansner, Koren and North 2005), as in the picture that can be saved. A ring is a ring, a path a line. No chance in it.

const LINK = 76; // units of the picture that a link would like to be long
const ROUNDS = 160;
const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // the angle from one node to the next before they move

/** Hops from one node to each that hangs together with it, nearest first; none through those of `without`. */
export function hopsFrom(id, neighbours, without = new Set()) {
  const found = new Map([[id, 0]]);
  for (const [one, hops] of found) for (const near of neighbours.get(one)) if (!found.has(near) && !without.has(near)) found.set(near, hops + 1);
  return found;
}

/** The network with its nodes in order of hops from the first; what does not hang together with it comes last. */
export function arranged(network, first, neighbours) {
  const hops = hopsFrom(first, neighbours);
  const beyond = Math.max(...hops.values()) + 1;
  const nodes = network.nodes.map((node) => ({ ...node, distance: hops.get(node.id) ?? beyond }));
  return { ...network, nodes: nodes.sort((one, other) => one.distance - other.distance || (one.id < other.id ? -1 : 1)) };
}

/** A place for each node by id: the longest way across lies level, the first node to the left, the middle at 0,0. */
export function spread(ids, neighbours) {
  let at = ids.map((_, place) => ({ x: LINK * 0.6 * Math.sqrt(place) * Math.cos(place * GOLDEN), y: LINK * 0.6 * Math.sqrt(place) * Math.sin(place * GOLDEN) }));
  const hops = ids.map((id) => hopsFrom(id, neighbours));
  const beyond = Math.max(...hops.flatMap((found) => [...found.values()])) + 1; // apart as two that do not hang together
  const wanted = hops.map((found) => ids.map((id) => LINK * (found.get(id) ?? beyond)));
  for (let round = 0; round < ROUNDS && ids.length > 1; round += 1) at = at.map((one, place) => nearer(one, place, at, wanted[place]));
  return new Map(level(at).map((one, place) => [ids[place], one]));
}

/** Where one node would be at the distances it wants from all others, most of the way there. */
function nearer(one, place, at, wanted) {
  const to = { x: 0, y: 0, weight: 0 };
  at.forEach((other, position) => {
    if (position === place) return;
    const weight = 1 / wanted[position] ** 2;
    const ratio = wanted[position] / Math.max(0.01, Math.hypot(one.x - other.x, one.y - other.y));
    to.x += weight * (other.x + ratio * (one.x - other.x));
    to.y += weight * (other.y + ratio * (one.y - other.y));
    to.weight += weight;
  });
  return { x: 0.35 * one.x + (0.65 * to.x) / to.weight, y: 0.35 * one.y + (0.65 * to.y) / to.weight };
}

/** The places turned so that they reach farthest sideways, and moved to the middle. */
function level(at) {
  const mean = (of) => at.reduce((sum, one) => sum + of(one), 0) / at.length;
  const [x, y] = [mean((one) => one.x), mean((one) => one.y)];
  const [wide, high, both] = [mean((one) => (one.x - x) ** 2), mean((one) => (one.y - y) ** 2), mean((one) => (one.x - x) * (one.y - y))];
  const angle = Math.atan2(2 * both, wide - high) / 2;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const turned = at.map((one) => ({ x: (one.x - x) * cosine + (one.y - y) * sine, y: (one.y - y) * cosine - (one.x - x) * sine }));
  const side = turned[0].x > 0 ? -1 : 1;
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const [right, down] = [middle(turned.map((one) => one.x)), middle(turned.map((one) => one.y))];
  return turned.map((one) => ({ x: side * (one.x - right), y: side * (one.y - down) }));
}
