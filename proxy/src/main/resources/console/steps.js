// The ladder of a rollout: which step it is on, how long it holds, what it waits for, what comes next.

import { h } from './dom.js';
import { span, unbroken } from './format.js';

const PHASES = {
  pending: ['Not started', 'idle'],
  progressing: ['Progressing', 'good'],
  paused: ['Paused', 'wait'],
  promoting: ['Promoting', 'good'],
  succeeded: ['Succeeded', 'good'],
  reverted: ['Reverted', 'bad'],
  superseded: ['Superseded', 'idle'],
};

/** What may be asked of a rollout in a phase, as in docs/rollout.md. */
const VERBS = {
  pending: ['start', 'revert'],
  progressing: ['pause', 'promote', 'revert'],
  paused: ['resume', 'promote', 'revert'],
  promoting: ['pause', 'promote', 'revert'],
  succeeded: ['revert'],
  reverted: ['start', 'retry'],
  superseded: [],
};

export function verbs(rollout) {
  return rollout ? (rollout.allowed ?? VERBS[rollout.phase] ?? []) : [];
}

function label(step) {
  return typeof step === 'number' ? step + ' %' : (step.text ?? step.weight ?? String(step));
}

function rung(step, number, rollout) {
  const isOver = rollout.phase === 'succeeded' || (number < rollout.step && rollout.phase !== 'reverted');
  const isHere = number === rollout.step && !['succeeded', 'pending'].includes(rollout.phase);
  const state = isOver ? 'over' : isHere ? (rollout.phase === 'reverted' ? 'failed' : 'here') : 'ahead';
  const words = { over: 'done', here: 'now', failed: 'reverted here', ahead: 'ahead' }[state];
  return h('li', { key: 'step' + number, class: state, 'aria-current': state === 'here' && 'step' },
    h('span', { class: 'knob', 'aria-hidden': 'true' }),
    h('b', {}, label(step)),
    h('span', { class: 'sr' }, words),
    isHere && h('span', { class: 'muted' }, rollout.phase === 'reverted' ? 'reverted here' : ''));
}

function hold(rollout) {
  const of = rollout.holdSeconds;
  const left = rollout.holdRemainingSeconds;
  if (!of || left === null || left === undefined || !['progressing', 'paused'].includes(rollout.phase)) return null;
  const part = Math.min(1, Math.max(0, 1 - left / of));
  return h('div', { class: 'hold' },
    h('div', { class: 'track', role: 'progressbar', 'aria-label': 'hold of this step', 'aria-valuemin': 0,
      'aria-valuemax': 100, 'aria-valuenow': Math.round(100 * part) },
      h('div', { class: 'fill calm', style: { width: (100 * part).toFixed(1) + '%' } })),
    h('small', {}, left > 0 ? span(left) + ' of ' + span(of) + ' to hold' : 'held ' + span(of)));
}

export function rolloutPanel(rollout) {
  const [words, tone] = PHASES[rollout.phase] ?? [rollout.phase, 'idle'];
  const steps = rollout.steps ?? [];
  return h('section', { class: 'panel rollout', 'aria-labelledby': 'rollout-title' },
    h('header', {}, h('h2', { id: 'rollout-title' }, 'Rollout', rollout.canary && h('small', {}, ' of ' + rollout.canary)),
      h('span', { class: 'chip ' + tone }, words)),
    h('ol', { class: 'ladder' }, steps.map((step, i) => rung(step, i + 1, rollout))),
    hold(rollout),
    rollout.text && h('p', { class: 'verdict' }, unbroken(rollout.text)),
    rollout.next && h('p', { class: 'verdict' }, h('b', {}, 'Next '), rollout.next));
}
