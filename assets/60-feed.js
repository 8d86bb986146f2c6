// The live feed: merges what arrives with what SQL said, keeps still while somebody reads it, and measures how
// long a card takes from commit to paint. No server work per card.
(function () {
  const MOST = 40, RECENT_MS = 10000, SHAPE = {red: '■', yellow: '▲', notice: '●', cleared: '○'};
  const app = window.aidwatch = window.aidwatch || {};
  const ns = window.dash_clientside = window.dash_clientside || {};
  const feed = {rows: [], waiting: [], pending: null, question: null, scope: {}, came: []};
  const eye = app.eye = [];              // milliseconds from commit to paint, newest last
  app.words = function () {
    if (!app._words) app._words = JSON.parse(document.querySelector('meta[name=words]').content);
    return app._words;
  };
  app.fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

  app.ago = function (iso) {
    const clock = feed.scope.clock || {};
    const now = clock.now ? Date.parse(clock.now) + (clock.frozen ? 0 : Date.now() - clock.read) : Date.now();
    const s = Math.max(0, Math.round((now - Date.parse(iso)) / 1000)), w = app.words();
    if (s < 3) return w.now;
    if (s < 60) return app.fill(w.seconds, {n: s});
    if (s < 3600) return app.fill(w.minutes, {n: Math.floor(s / 60)});
    if (s < 86400) return app.fill(w.hours, {n: Math.floor(s / 3600)});
    return app.fill(w.days, {n: Math.floor(s / 86400)});
  };
  const age = app.age = function () { for (const e of document.querySelectorAll('time.ago')) { const said = app.ago(e.dateTime); if (e.dataset.ago !== said) e.dataset.ago = said; } };
  setInterval(age, 5000);

  function card(row) {
    const kind = row.card || 'cleared', el = (type, props) => ({type, props});
    return el('Div', {
      id: 'card-' + row.id, className: 'card-row ' + kind + (row.fresh ? ' fresh' : ''), role: 'listitem', 'data-sid': row.sid || '',
      children: [
        el('Span', {className: 'tag ' + kind, children: SHAPE[kind] + ' ' + app.words()[kind]}),
        el('Div', {className: 'body', children: [
          el('Link', {href: row.href, className: 'all', children: el('B', {children: row.title})}), ' ',
          el('Span', {className: 'code', children: row.code}),
          el('Div', {className: 'sub', children: row.place || '\u00a0'}),
          el('Div', {className: 'sub', title: row.line || '', children: row.line || '\u00a0'})]}),
        el('Div', {className: 'r', children: [
          el('Div', {className: 'num', children: row.amount || '\u00a0'}),
          el('Time', {className: 'faint ago', dateTime: row.at, 'data-ago': app.ago(row.at)})]})]});
  }
  // Cards that stay keep their element: only what is new or changed is drawn.
  function draw() {
    const list = document.getElementById('overview-feed-list'), n = feed.waiting.length;
    if (list) {
      const held = new Map([...list.children].map(one => [one.id, one]));
      const wanted = feed.rows.map(row => {
        const said = JSON.stringify({...row, fresh: 0}), old = held.get('card-' + row.id);
        if (old && old._said === said) return old;
        const made = app.build(card(row));
        made._said = said;
        return made;
      });
      wanted.forEach((one, place) => { if (list.children[place] !== one) list.insertBefore(one, list.children[place] || null); });
      while (list.children.length > wanted.length) list.lastChild.remove();
    }
    const said = n < MOST ? n : MOST + '+';     // more are not kept
    return [n ? app.fill(app.words().waiting, {n: said}) : '', !n, n && said];
  }
  const ours = item => !feed.scope.only || feed.scope.only[item.region_code] !== undefined;
  function named(code, places) {         // villages are named by their township: their own names are too many to send
    return code ? places[code] || places[code.slice(0, 9) + '000'] || places[code.slice(0, 6) + '000000'] || code : '';
  }
  function made(item) {
    const lang = document.documentElement.lang === 'en' ? 'en' : 'zh', places = feed.scope.places || {};
    return {id: item.finding_id, sid: item.sid, fresh: true, card: item.present ? item.card : 'cleared', code: item.rule,
      title: item['title_' + lang] || item.title_zh, place: named(item.region_code, places), line: item.present ? '' : app.words().gone,
      amount: '', at: item.at, href: '/finding/' + item.finding_id, committed: item.committed_at};
  }
  function merge(rows, news) {
    const ids = new Set(news.map(row => row.id)), known = new Map(rows.map(row => [row.id, row]));
    for (const row of news) { const old = known.get(row.id); if (old) { row.amount = row.amount || old.amount; row.line = row.line || old.line; row.place = old.place || row.place; } }
    return news.concat(rows.filter(row => !ids.has(row.id))).slice(0, MOST);
  }
  function read() {                      // somebody's pointer or keyboard is in the feed
    const box = document.getElementById('overview-feed');
    return !!box && (box.matches(':hover') || box.contains(document.activeElement));
  }
  // An answer from SQL may be a second old: what came since is not taken away by it.
  function since(rows) {
    const ids = new Set(rows.map(row => row.id));
    return feed.came.filter(row => Date.now() - row.came < RECENT_MS && !ids.has(row.id));
  }
  function settle() {
    if (feed.pending) { feed.rows = merge(feed.pending.rows, since(feed.pending.rows)); feed.scope = feed.pending; feed.pending = null; feed.waiting = []; return; }
    feed.rows = merge(feed.rows, feed.waiting); feed.waiting = [];
  }
  function painted(items) {
    const seen = items.filter(row => row.committed), started = Date.now();
    (function look() {
      for (let n = seen.length - 1; n >= 0; n--) {
        const drawn = document.getElementById('card-' + seen[n].id);
        if (drawn && drawn.dataset.sid === seen[n].sid) { const ms = Math.max(0, Date.now() - Date.parse(seen[n].committed)); eye.push(ms); app.unsaid.push(ms); seen.splice(n, 1); }
      }
      for (const kept of [eye, app.unsaid]) if (kept.length > 500) kept.splice(0, kept.length - 500);
      if (seen.length && Date.now() - started < 2000) return requestAnimationFrame(look);
      app.showEye(); age();
    })();
  }
  app.showEye = function () {
    if (!eye.length || Date.now() - (app.shownEye || 0) < 1000) return;
    app.shownEye = Date.now();
    const sorted = [...eye].sort((a, b) => a - b), p95 = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * .95) - 1)];
    ns.set_props('status-eye', {children: app.fill(app.words().eye, {s: (p95 / 1000).toFixed(p95 < 9950 ? 1 : 0)})});
  };
  ns.aidwatch = Object.assign(ns.aidwatch || {}, {
    feed: function (batch, fresh, show, left, paused) {
      const by = (ns.callback_context.triggered_id || 'overview-feed-rows');
      const hold = paused || (read() && by !== 'overview-feed-new');
      if (by === 'overview-feed-rows' && fresh) {
        fresh.clock.read = Date.now();
        if (fresh.question !== feed.question) feed.came = [];  // it answered another question
        if (fresh.question !== feed.question || !hold) { feed.pending = fresh; feed.question = fresh.question; settle(); }
        else { feed.pending = fresh; const known = new Set(feed.rows.map(r => r.id + r.card)); feed.waiting = merge(fresh.rows, since(fresh.rows)).filter(r => !known.has(r.id + r.card)); }
      }
      if (by === 'live-batch' && batch) {
        const items = batch.items.filter(ours).map(made).reverse();
        if (feed.scope.still) return draw();           // filtered by what the stream does not carry: SQL alone decides
        feed.came = items.map(row => ({...row, came: Date.now()})).concat(since([])).slice(0, MOST);
        if (hold) feed.waiting = merge(feed.waiting, items);
        else { feed.rows = merge(feed.rows, items); const said = draw(); painted(items); return said; }
      }
      if (by === 'overview-feed-new' || (by === 'overview-feed-left' && !hold)) settle();
      if (by === 'paused' && !paused) settle();
      return draw();
    }
  });
  document.addEventListener('pointerout', event => {   // the pointer leaves the feed: what waited may come in
    const box = event.target.closest && event.target.closest('#overview-feed');
    if (box && !box.contains(event.relatedTarget) && feed.waiting.length && !app.paused) ns.set_props('overview-feed-left', {data: Date.now()});
  });
})();
