// What a mirror's answers had different from the primary's. Shown only where the API has it.

import { h } from './dom.js';
import { count, percent } from './format.js';

export function differencesPanel(report) {
  const mirrors = report?.mirrors ?? [];
  if (mirrors.length === 0) return null;
  return h('section', { class: 'panel differences', key: 'differences', 'aria-labelledby': 'differences-title' },
    h('header', {}, h('h2', { id: 'differences-title' }, 'Mirror')),
    mirrors.map((mirror) => h('article', { key: mirror.pool },
      h('h3', {}, mirror.pool),
      h('p', {}, count(mirror.compared ?? 0), ' answers compared, ', count(mirror.different ?? 0), ' different',
        mirror.compared > 0 && ' (' + percent(mirror.different / mirror.compared) + ')'),
      h('ul', {}, (mirror.fields ?? []).map((field) => h('li', { key: field.pointer }, h('code', {}, field.pointer), ' ', count(field.count)))))));
}
