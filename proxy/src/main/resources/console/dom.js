// A page described as plain values and brought up to date in place: what has focus keeps it, what did not change is not
// touched. Text only ever becomes text nodes and attributes, never markup.

/** Describes an element. Falsy children are left out, lists are flattened. */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children: children.flat(9).filter((child) => child || child === 0) };
}

/** Makes the children of a node what the list describes. */
export function render(parent, wanted) {
  const list = (Array.isArray(wanted) ? wanted.flat(9) : [wanted]).filter((child) => child || child === 0);
  const keyed = new Map();
  for (const node of parent.childNodes) {
    if (node.turnoutKey !== undefined) keyed.set(node.turnoutKey, node);
  }
  let at = parent.firstChild;
  for (const child of list) {
    const node = reusable(child, at, keyed) ?? create(child, parent);
    if (node === at) {
      at = at.nextSibling;
    } else {
      parent.insertBefore(node, at);
    }
    update(node, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.turnoutProps?.unmounted?.(at);
    at.remove();
    at = next;
  }
}

function isText(child) {
  return typeof child !== 'object';
}

function reusable(child, at, keyed) {
  if (isText(child)) return at?.nodeType === Node.TEXT_NODE ? at : null;
  const key = child.props.key;
  const node = key === undefined ? at : keyed.get(key);
  const fits = node?.nodeType === Node.ELEMENT_NODE && node.turnoutTag === child.tag && node.turnoutKey === key;
  return fits ? node : null;
}

const SVG = 'http://www.w3.org/2000/svg';

function create(child, parent) {
  if (isText(child)) return document.createTextNode('');
  const isSvg = child.tag === 'svg' || parent.namespaceURI === SVG;
  const node = isSvg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
  node.turnoutTag = child.tag;
  node.turnoutKey = child.props.key;
  node.turnoutProps = {};
  return node;
}

function update(node, child) {
  if (isText(child)) {
    const text = String(child);
    if (node.data !== text) node.data = text;
    return;
  }
  const before = node.turnoutProps;
  const isNew = before.seen === undefined;
  for (const name of Object.keys(before)) {
    if (!(name in child.props) && name !== 'seen') setProp(node, name, undefined, before[name]);
  }
  for (const [name, value] of Object.entries(child.props)) {
    if (before[name] !== value) setProp(node, name, value, before[name]);
  }
  node.turnoutProps = { ...child.props, seen: true };
  // An element with a "mounted" function looks after its own content.
  if (!child.props.mounted) render(node, child.children);
  if (isNew) child.props.mounted?.(node);
  child.props.updated?.(node);
}

const OURS = new Set(['key', 'mounted', 'updated', 'unmounted']);

function setProp(node, name, value, before) {
  if (OURS.has(name)) return;
  if (name.startsWith('on')) {
    node[name] = value ?? null;
  } else if (name === 'style') {
    for (const key of Object.keys({ ...before, ...value })) {
      if (before?.[key] !== value?.[key]) node.style.setProperty(key, value?.[key] ?? '');
    }
  } else if (name === 'value' || name === 'checked' || name === 'disabled') {
    node[name] = value ?? '';
  } else if (value === undefined || value === null || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? '' : value);
  }
}
