// What the console knows: the last status, the last figures, five minutes of history, the latest audit entries.

const POINTS = 300;
const ENTRIES = 200;
const SERIES = ['rps', 'errorRate', 'p50', 'p95', 'p99'];

export class Store {
  constructor() {
    this.status = null;
    this.live = null;
    this.now = 0;
    this.audit = [];
    this.history = new Map();
    this.startedAt = null;
    this.restarted = false;
  }

  /** Takes an event in; answers the audit entries that are new with it. */
  take(name, data) {
    if (data.now) this.now = Date.parse(data.now);
    if (name === 'snapshot') return this.#snapshot(data);
    if (name === 'live') this.#figures(data);
    if (name === 'status') this.#status(data.status);
    if (name === 'audit') return this.#entries([data]);
    return [];
  }

  #snapshot(data) {
    const isFirst = this.status === null;
    this.#status(data.status);
    this.history.clear();
    for (const [route, variants] of Object.entries(data.history ?? {})) {
      for (const [pool, points] of Object.entries(variants)) {
        points.forEach((point) => this.#point(route, pool, point.t, point));
      }
    }
    this.live = data.live;
    const fresh = this.#entries(data.audit ?? []);
    return isFirst ? [] : fresh;
  }

  #status(status) {
    this.restarted = this.startedAt !== null && this.startedAt !== status.startedAt;
    this.startedAt = status.startedAt;
    this.status = status;
    // It is newer than the figures: what they say of rollouts may be over.
    for (const route of Object.values(this.live?.routes ?? {})) route.rollout = null;
  }

  #figures(data) {
    this.live = data.live;
    const second = Math.floor(this.now / 1000);
    for (const [route, { variants }] of Object.entries(data.live.routes)) {
      for (const [pool, figures] of Object.entries(variants)) this.#point(route, pool, second, figures);
    }
  }

  #point(route, pool, second, figures) {
    const key = route + '\n' + pool;
    let past = this.history.get(key);
    if (!past) {
      past = { t: [] };
      SERIES.forEach((name) => (past[name] = []));
      this.history.set(key, past);
    }
    if (past.t.length > 0 && second <= past.t[past.t.length - 1]) return;
    past.t.push(second);
    SERIES.forEach((name) => past[name].push(figures[name] ?? null));
    if (past.t.length > POINTS) {
      past.t.shift();
      SERIES.forEach((name) => past[name].shift());
    }
  }

  /** Newest first, without doubles. */
  #entries(entries) {
    const known = new Set(this.audit.map((entry) => entry.id));
    const fresh = entries.filter((entry) => !known.has(entry.id));
    this.audit = [...fresh, ...this.audit].sort((a, b) => b.id - a.id).slice(0, ENTRIES);
    return fresh;
  }

  past(route, pool) {
    return this.history.get(route + '\n' + pool);
  }

  route(name) {
    return this.status?.routes.find((route) => route.name === name) ?? null;
  }

  figures(route) {
    return this.live?.routes[route] ?? { rps: null, variants: {}, guard: null, rollout: null };
  }

  entriesOf(route) {
    return this.audit.filter((entry) => entry.subject === 'route ' + route);
  }
}

/** Which variant is on trial and which is trusted, as far as can be told from what the route says. */
export function roles(route) {
  const split = Object.keys(route.desiredWeights);
  const onTrial = new Set((route.guard?.variants ?? []).map((variant) => variant.pool));
  if (route.rollout?.canary) onTrial.add(route.rollout.canary);
  const trusted = split.filter((pool) => !onTrial.has(pool));
  const heaviest = (pools) => pools.reduce((a, b) => (route.desiredWeights[b] > route.desiredWeights[a] ? b : a), pools[0]);
  const stable = route.rollout?.stable ?? heaviest(trusted.length > 0 ? trusted : split);
  const others = split.filter((pool) => pool !== stable);
  const canary = route.rollout?.canary ?? others.find((pool) => onTrial.has(pool)) ?? (others.length === 1 ? others[0] : null);
  return { stable, canary };
}

const HUES = ['blue', 'green', 'violet', 'ochre', 'slate'];

/** Each pool's colour: by its name where that is one, else stable first. */
export function hues(route) {
  const { stable, canary } = roles(route);
  const pools = [stable, canary, ...route.variants.map((variant) => variant.pool)].filter(Boolean);
  const hue = {};
  for (const pool of pools) {
    const named = HUES.find((name) => pool.toLowerCase() === name);
    if (named) hue[pool] = named;
  }
  const free = HUES.filter((name) => !Object.values(hue).includes(name));
  for (const pool of pools) {
    if (!hue[pool]) hue[pool] = free.length > 1 ? free.shift() : 'slate';
  }
  return hue;
}
