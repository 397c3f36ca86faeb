// The stream of events, read with fetch because it may need a token. It reconnects by itself, and says how it is doing.

import { headers } from './api.js';

/** Longest silence that is not yet called stale: figures come every second. */
const STALE_AFTER_MILLIS = 3500;
/** A connection that is silent for so long is given up. */
const DEAD_AFTER_MILLIS = 10000;
const RETRY_MILLIS = [300, 600, 1000, 2000, 3000];

export class Feed {
  /**
   * @param onEvent (name, data) for each event
   * @param onState ('live' | 'stale' | 'token', detail), whenever it may have changed
   */
  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.heardAt = 0;
    this.failures = 0;
    this.abort = null;
    this.timer = null;
    /** Whether it waits for somebody to enter a token. */
    this.waits = false;
    setInterval(() => this.#watch(), 500);
  }

  /** Connects anew, at once. */
  connect() {
    clearTimeout(this.timer);
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.waits = false;
    this.openedAt = Date.now();
    this.#read(abort.signal).then(
      () => this.#again(abort, 'the stream ended'),
      (failure) => this.#again(abort, failure.message),
    );
  }

  async #read(signal) {
    // Without Last-Event-ID: a whole snapshot also brings the figures of the time in between.
    const fields = { Accept: 'text/event-stream' };
    const response = await fetch('/api/v1/events', { headers: headers(fields), signal, cache: 'no-store' });
    if (response.status === 401) {
      this.waits = true;
      this.onState('token');
      return;
    }
    if (!response.ok) throw new Error('the stream answered ' + response.status);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.heardAt = Date.now();
      text += value;
      const end = text.lastIndexOf('\n\n');
      if (end >= 0) {
        text.slice(0, end).split('\n\n').forEach((block) => this.#event(block));
        text = text.slice(end + 2);
      }
    }
  }

  #event(block) {
    let name = 'message';
    let data = '';
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      if (field === 'data') data += value;
    }
    if (data === '') return;
    this.failures = 0;
    this.onState('live');
    this.onEvent(name, JSON.parse(data));
  }

  #again(abort, why) {
    if (abort !== this.abort || this.waits) return;
    this.reason = why;
    const wait = RETRY_MILLIS[Math.min(this.failures++, RETRY_MILLIS.length - 1)];
    this.timer = setTimeout(() => this.connect(), wait);
  }

  #watch() {
    if (this.waits) return;
    const now = Date.now();
    if (now - (this.heardAt || this.openedAt) > STALE_AFTER_MILLIS) this.onState('stale', this.reason);
    if (now - Math.max(this.heardAt, this.openedAt) > DEAD_AFTER_MILLIS) {
      this.connect();
    }
  }
}
