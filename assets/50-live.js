// Hands what the shared worker receives to Dash: findings in batches of 100 ms in one write (two writes of a
// property in one tick overwrite each other), and a pulse that tells the panels to read again.
(function () {
  const BATCH_MS = 100, PULSE_MS = 5000, BELT_MS = 60000;
  let batch = [], timer = null, seq = 0, pulse = 0, due = null, last = 0;
  const live = window.aidwatch = window.aidwatch || {};
  live.paused = false;

  const ready = () => window.dash_clientside && window.dash_clientside.set_props && document.getElementById('live');
  function give(id, props) {             // before the page is drawn a write is lost without a word
    if (ready()) window.dash_clientside.set_props(id, props); else setTimeout(() => give(id, props), 50);
  }
  live.beat = function (soon) {          // at most one pulse in five seconds, none while paused or out of sight
    if (due || live.paused || document.hidden) return;
    const wait = soon ? 0 : Math.max(1000, last + PULSE_MS - Date.now());
    due = setTimeout(() => { due = null; last = Date.now(); give('pulse', {data: ++pulse}); }, wait);
  };
  function flush() { timer = null; const items = batch; batch = []; give('live-batch', {data: {seq: ++seq, items}}); live.beat(); }
  function receive(message) {
    if (message.t === 'finding') { batch.push({...message.v, sid: message.id}); timer = timer || setTimeout(flush, BATCH_MS); }
    if (message.t === 'resync') live.beat(true);
    if (message.t === 'state') {
      const back = message.state === 'live' && live.state && live.state !== 'live';
      live.state = message.state; live.since = message.since;
      give('live-state', {data: {state: message.state, since: message.since}});
      if (back) live.beat(true);
    }
  }
  function alone() {                     // no SharedWorker (some phones): a stream of our own
    let lost = '', stream;
    (function open() {
      stream = new EventSource('/live/events' + (lost ? '?last=' + encodeURIComponent(lost) : ''));
      const say = state => receive({t: 'state', state, since: Date.now()});
      stream.onopen = () => say('live');
      stream.onerror = () => { say('lost'); if (stream.readyState === EventSource.CLOSED) setTimeout(open, 2000); };
      stream.addEventListener('finding', e => { lost = e.lastEventId; receive({t: 'finding', id: lost, v: JSON.parse(e.data)}); });
      stream.addEventListener('resync', () => receive({t: 'resync'}));
    })();
    window.addEventListener('pagehide', () => stream.close());
  }
  function start() {
    setInterval(() => live.beat(true), BELT_MS);
    document.addEventListener('visibilitychange', () => live.beat(true));
    if (typeof SharedWorker === 'undefined') return alone();
    const worker = new SharedWorker('/assets/live-worker.js', {name: 'aidwatch live'});
    worker.port.onmessage = event => receive(event.data);
    worker.port.start();
    worker.port.postMessage('hello');
    window.addEventListener('pagehide', () => worker.port.postMessage('bye'));
    window.addEventListener('pageshow', event => { if (event.persisted) worker.port.postMessage('hello'); });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start); else start();
})();
