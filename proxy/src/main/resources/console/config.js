// The configuration in force, where it came from, and what was wrong with the last try to load one.

import { h } from './dom.js';
import { ago, clock } from './format.js';

export function problemList(problems) {
  return h('ul', { class: 'problems' }, problems.map((problem, i) => h('li', { key: i, class: problem.severity },
    h('code', {}, problem.file, problem.line > 0 && ':' + problem.line + ':' + problem.column), ' ',
    problem.path && h('b', {}, problem.path, ': '), 'found ', problem.found, ', expected ', problem.expected,
    problem.didYouMean && [h('b', {}, ' did you mean "', problem.didYouMean, '"?')])));
}

/** @param yaml the configuration in force, or null while it is being fetched */
export function configPage(store, yaml, reload) {
  const { source, hash, commit, lastReload } = store.status.config;
  const field = (name, ...value) => [h('dt', {}, name), h('dd', {}, ...value)];
  return [
    h('div', { class: 'head', key: 'head-config' }, h('h1', { tabindex: -1 }, 'Configuration'),
      h('span', { class: 'chip ' + (lastReload.ok ? 'good' : 'bad') }, lastReload.ok ? 'In force' : 'Last reload refused'),
      h('div', { class: 'toolbar' }, h('button', { onclick: reload }, 'Reload ', h('kbd', {}, 'l')))),
    h('section', { class: 'panel', key: 'from', 'aria-label': 'where it comes from' },
      h('dl', {}, field('File', h('code', {}, source)), field('SHA-256', h('code', {}, hash.slice(0, 16), '…')),
        commit && field('Commit', h('code', {}, commit)),
        field('Generation', store.status.generation),
        field('Last read', clock(lastReload.time), ' (', ago(lastReload.time, store.now), ')')),
      lastReload.problems.length > 0 && [
        h('h2', {}, lastReload.ok ? 'Warnings' : 'Why it was refused; what was in force before still is'),
        problemList(lastReload.problems)]),
    h('section', { class: 'panel', key: 'yaml', 'aria-label': 'effective configuration' },
      h('h2', {}, 'In force, with every default'),
      h('pre', { class: 'yaml', tabindex: 0 }, yaml ?? 'Loading …')),
  ];
}
