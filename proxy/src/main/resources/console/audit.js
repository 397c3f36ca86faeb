// Who changed what, from where, and why.

import { h } from './dom.js';
import { actionText, clock, inShares, isBad } from './format.js';

function row(entry) {
  return h('tr', { key: entry.id, class: isBad(entry.action) && 'bad' },
    h('td', {}, h('time', { datetime: entry.time, title: entry.time }, clock(entry.time))),
    h('td', {}, entry.actor, h('small', {}, ' ' + entry.source)),
    h('td', {}, h('b', {}, actionText(entry.action))),
    h('td', {}, entry.subject),
    h('td', {}, entry.before && h('span', { class: 'muted' }, inShares(entry.before), ' → '), inShares(entry.after), entry.reason && h('p', {}, entry.reason)),
    h('td', { class: 'number' }, entry.generation));
}

/** @param filter {text, set} what is looked for, in any column */
export function auditPage(entries, filter) {
  const wanted = filter.text.toLowerCase();
  const shown = entries.filter((entry) => !wanted || Object.values(entry).join(' ').toLowerCase().includes(wanted));
  return [
    h('div', { class: 'head', key: 'head-audit' }, h('h1', { tabindex: -1 }, 'Audit'),
      h('label', { class: 'find' }, h('span', { class: 'sr' }, 'Find'), h('input', {
        type: 'search', placeholder: 'find a person, an action, a reason', value: filter.text, oninput: (event) => filter.set(event.target.value),
      }))),
    h('div', { class: 'panel scroll', key: 'audit', tabindex: 0, role: 'region', 'aria-label': 'audit entries' },
      h('table', { class: 'log' },
        h('thead', {}, h('tr', {}, ['When', 'Who', 'What', 'On', 'Change and reason', 'Generation'].map((text) => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, shown.map(row))),
      shown.length === 0 && h('p', { class: 'muted' }, 'No entry.')),
  ];
}
