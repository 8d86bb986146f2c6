// Hands what the shared worker receives to Dash: findings in batches of 100 ms in one write (two writes of a
// property in one tick overwrite each other), and a pulse that tells the panels to read again.
(function () {
  const BATCH_MS = 100, PULSE_MS = 5000, BELT_MS = 60000, THERE_MS = 60000;
  let batch = [], timer = null, seq = 0, pulse = 0, due = null, last = 0, touched = false;
  const live = window.aidwatch = window.aidwatch || {};
  live.paused = false;
  live.unsaid = [];                      // milliseconds from commit to paint the server has not been told
  live.held = new Set();                 // findings that changed while paused

  const ready = () => window.dash_clientside && window.dash_clientside.set_props && document.getElementById('live');
  function give(id, props) {             // before the page is drawn a write is lost without a word
    if (ready()) window.dash_clientside.set_props(id, props); else setTimeout(() => give(id, props), 50);
  }
  live.beat = function (soon) {          // at most one pulse in five seconds, none while paused or out of sight
    if (due || live.paused || document.hidden) return;
    const wait = soon ? 0 : Math.max(1000, last + PULSE_MS - Date.now());
    due = setTimeout(() => { due = null; last = Date.now(); give('pulse', {data: ++pulse}); }, wait);
  };
  const tell = () => give('live-state', {data: {state: live.state, since: live.since, held: live.held.size}});
  function flush() {
    timer = null; const items = batch; batch = []; give('live-batch', {data: {seq: ++seq, items}}); live.beat();
    if (live.paused) tell();
  }
  function receive(message) {
    if (message.t === 'finding') {
      if (live.paused) live.held.add(message.v.finding_id);
      batch.push({...message.v, sid: message.id}); timer = timer || setTimeout(flush, BATCH_MS);
    }
    if (message.t === 'resync') live.beat(true);
    if (message.t === 'state') {
      const back = message.state === 'live' && live.state && live.state !== 'live';
      live.state = message.state; live.since = message.since;
      tell();
      if (back) live.beat(true);
      if (live.state === 'ended' && !onWall()) location.replace('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
    }
  }
  // A session lasts while somebody touches a page, not while pages read by themselves. The wall is looked at, not touched.
  const onWall = () => location.pathname === '/wall';
  function there() {
    if ((touched || onWall()) && live.state === 'live') fetch('/account/here?eye=' + live.unsaid.splice(0, 50)).catch(() => {});
    touched = false;
  }
  function start() {
    setInterval(() => live.beat(true), BELT_MS);
    document.addEventListener('visibilitychange', () => live.beat(true));
    for (const kind of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'])
      addEventListener(kind, () => { touched = true; }, {passive: true, capture: true});
    setInterval(there, THERE_MS);
    const shared = typeof SharedWorker !== 'undefined';  // some phones have none: then each page has a stream of its own
    const port = shared ? new SharedWorker('/assets/live-worker.js', {name: 'aidwatch live'}).port : new Worker('/assets/live-worker.js');
    port.onmessage = event => receive(event.data);
    if (shared) port.start();
    port.postMessage('hello');
    window.addEventListener('pagehide', () => port.postMessage('bye'));
    window.addEventListener('pageshow', event => { if (event.persisted) port.postMessage('hello'); });
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start); else start();
})();
