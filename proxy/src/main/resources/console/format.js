// Figures and times as people read them. The same width from one second to the next, so that nothing jumps about.

export const NONE = '–';

/** 0..1 as a percentage: two digits that matter, and never "0" for what is not nothing. */
export function percent(share) {
  if (share === null || share === undefined) return NONE;
  const value = 100 * share;
  if (value === 0) return '0 %';
  if (value < 0.01) return '<0.01 %';
  if (value < 1) return value.toFixed(2) + ' %';
  if (value < 10) return value.toFixed(1) + ' %';
  return (value > 99.9 && value < 100 ? '99.9' : value.toFixed(value < 99.95 && value % 1 ? 1 : 0)) + ' %';
}

/** Keeps a figure and its unit on one line. */
export function unbroken(text) {
  return text.replace(/ (?=%|ms\b)/g, '\u00a0');
}

/** A weight as a percentage, as exact as it is. */
export function exact(share) {
  return Number((100 * share).toFixed(4)) + ' %';
}

/** A weight's share of the sum, exact as far as it goes. */
export function share(weight, weights) {
  const sum = Object.values(weights).reduce((a, b) => a + b, 0);
  return sum === 0 ? 0 : weight / sum;
}

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) return NONE;
  if (perSecond >= 10000) return (perSecond / 1000).toFixed(1) + 'k';
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

export function millis(value) {
  if (value === null || value === undefined) return NONE;
  if (value >= 1000) return (value / 1000).toFixed(value >= 10000 ? 1 : 2) + ' s';
  if (value >= 100) return value.toFixed(0) + ' ms';
  return value.toFixed(value >= 10 ? 1 : 2) + ' ms';
}

/** Odds as "so many to one". */
export function odds(value) {
  if (value >= 1e6) return '>1,000,000:1';
  if (value >= 100) return Math.round(value).toLocaleString('en') + ':1';
  return value.toFixed(value >= 10 ? 0 : 1) + ':1';
}

export function count(value) {
  return value.toLocaleString('en');
}

/** Seconds as "1:05" or "2 h 10 min". */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 3600) return Math.floor(whole / 60) + ':' + String(whole % 60).padStart(2, '0');
  return Math.floor(whole / 3600) + ' h ' + Math.floor((whole % 3600) / 60) + ' min';
}

/** How long ago, in one unit. */
export function ago(time, now) {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 90) return Math.round(seconds) + ' s ago';
  if (seconds < 5400) return Math.round(seconds / 60) + ' min ago';
  if (seconds < 48 * 3600) return Math.round(seconds / 3600) + ' h ago';
  return Math.round(seconds / 86400) + ' days ago';
}

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });

/** Time of day; with the day if it was not today. */
export function clock(time) {
  const date = new Date(time);
  const today = new Date().toDateString() === date.toDateString();
  return (today ? '' : DAY.format(date) + ' ') + TIME.format(date);
}

/** Weights in a text of the audit, such as "blue 900000, green 100000", as shares; any other text as it is. */
export function inShares(text) {
  if (!/^[^ ,]+ \d+(, [^ ,]+ \d+)+$/.test(text ?? '')) return text;
  return weightsText(Object.fromEntries(text.split(', ').map((part) => part.split(' ')).map(([pool, n]) => [pool, Number(n)])));
}

/** Whether an action of the audit is bad news. */
export function isBad(action) {
  return /(^|\.)(revert|reverted|freeze)$/.test(action);
}

/** An action of the audit in words: "rollout.step" is "rollout step". */
export function actionText(action) {
  return action.replaceAll('.', ' ');
}

/** "blue 90 %, green 10 %", as exact as the weights are. */
export function weightsText(weights) {
  return Object.entries(weights)
    .map(([pool, weight]) => pool + ' ' + exact(share(weight, weights)))
    .join(', ');
}
