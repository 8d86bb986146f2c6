// Small things of the frame that need no server: colour mode, folded navigation, twins of charts, live state.
(function () {
  const app = window.aidwatch = window.aidwatch || {};
  const ns = window.dash_clientside = window.dash_clientside || {};
  const root = document.documentElement;
  const remember = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`; };
  const same = () => ns.no_update, MOST = 100;     // rows one form takes
  root.dataset.agThemeMode = root.getAttribute('data-bs-theme');
  root.classList.toggle('folded', /(^|; )nav=folded/.test(document.cookie));

  // Figures name colours by their token: var(--red). Here they get the value of the mode that is on.
  function inked(value, style) {
    if (typeof value === 'string') return value.startsWith('var(--') ? style.getPropertyValue(value.slice(4, -1)).trim() : value;
    if (Array.isArray(value)) return value.map(item => inked(item, style));
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'geojson' ? v : inked(v, style)]));
    return value;
  }
  const drawn = {};
  let question = null;
  const orderOf = api => api.getColumnState().filter(one => one.sort).sort((a, b) => a.sortIndex - b.sortIndex).map(one => one.colId + '.' + one.sort).join(',');
  function ordered(wanted) {              // not while rows are awaited: the grid would wait for ever
    const state = wanted.split(',').filter(Boolean).map((one, sortIndex) => ({colId: one.split('.')[0], sort: one.split('.')[1], sortIndex}));
    dash_ag_grid.getApiAsync('findings-grid').then(function put(api) {
      if (api.isDestroyed()) return;
      const first = api.getDisplayedRowAtIndex(0);
      if (first && !first.data) return setTimeout(put, 50, api);
      api.applyColumnState({state, defaultState: {sort: null}});
    }).catch(() => {});
  }
  const clock = ms => new Date(ms).toLocaleTimeString('sv-SE');
  ns.aidwatch = Object.assign(ns.aidwatch || {}, {
    theme: function (n) {
      if (!n) return root.getAttribute('data-bs-theme');
      const next = root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark';
      root.setAttribute('data-bs-theme', next); root.dataset.agThemeMode = next; remember('theme', next);
      return next;
    },
    ink: function (figure, theme, id) {    // the same picture again is not drawn again: that would cost half a second
      const said = figure && JSON.stringify([figure.data && figure.data.map(one => ({...one, geojson: 0})), figure.layout, theme]);
      if (!figure || drawn[id.chart] === said && document.querySelector('.' + id.chart + ' .main-svg')) return same();
      drawn[id.chart] = said;
      return inked(figure, getComputedStyle(root));
    },
    fold: function (n) { if (n) remember('nav', root.classList.toggle('folded') ? 'folded' : 'open'); return same(); },
    menu: function (open, shade, path) {
      const by = ns.callback_context.triggered_id;
      root.classList.toggle('nav-open', by === 'menu-button' && !root.classList.contains('nav-open'));
      return same();
    },
    language: function (n) {
      if (!n) return same();
      const to = new URL(location.href);
      to.searchParams.set('lang', root.lang === 'en' ? 'zh' : 'en');
      location.assign(to);
      return same();
    },
    pause: function (n) { app.paused = !!(n % 2); app.held.clear(); if (!app.paused && app.beat) app.beat(true); return app.paused; },
    live: function (_told, paused, waiting) {      // the write that told us may have come too early: read what is so
      const w = app.words(), why = {lost: w.lost_since, ended: w.session_ended}[app.state];
      const state = why ? app.state : paused ? 'paused' : app.state || 'connecting', held = waiting == null ? paused && app.held.size : waiting;
      return ['● ' + w[state] + (held ? ' · ' + held : ''), state, String(!!paused), !why, why ? app.fill(why, {at: clock(app.since)}) : ''];
    },
    drill: function (click, search) {
      const at = click && click.points && click.points[0] && click.points[0].location;
      if (!at) return same();
      const to = new URLSearchParams(search); to.set('region', at); to.delete('unit');
      return '?' + to;
    },
    open_cell: function () {
      const click = (dash_clientside.callback_context.triggered[0] || {}).value;
      const at = click && click.points && click.points[0] && click.points[0].customdata;
      if (typeof at !== 'string' || !at.startsWith('/')) return [same(), same()];
      const to = new URL(at, location.href);
      return [to.pathname, to.search];
    },
    open_day: function (click, search) {
      const day = click && click.points && click.points[0] && click.points[0].x;
      if (!day) return [same(), same()];
      const to = new URLSearchParams(search); to.delete('range'); to.set('from', day); to.set('to', day);
      return ['/findings', '?' + to];
    },
    twin: function (n) { return [n % 2 ? 'panel show-twin' : 'panel', String(!!(n % 2))]; },
    bulk: function (rows, search) {      // the links of what may be done with all chosen rows
      const bar = document.getElementById('findings-bulk'), all = (rows || []).map(row => row.finding_id), chosen = all.slice(0, MOST);
      if (!bar) return same();
      bar.querySelector('.num').textContent = all.length > MOST ? MOST + ' / ' + all.length : all.length;
      for (const link of bar.querySelectorAll('[data-step]')) {
        link.href = '/step?' + new URLSearchParams([['step', link.dataset.step], ...chosen.map(id => ['finding', id]), ['back', '/findings' + (search || '')]]);
      }
      return !chosen.length;
    },
    order: function (request, search) {     // the address says how the list is ordered: a saved view, a link, a file keep it
      const box = document.querySelector('.grid-box'), to = new URLSearchParams(search), wanted = to.get('order') || '';
      const stands = (request && request.sortModel || []).map(one => one.colId + '.' + one.sort).join(',');
      if (!box) return same();
      const begins = box.dataset.order === undefined, is_old = stands === (box.dataset.order || '');
      box.dataset.order = stands;
      if (begins && wanted !== stands) ordered(wanted);
      if (begins || is_old || wanted === stands) return same();    // further rows in the same order say nothing new
      if (stands) to.set('order', stands); else to.delete('order');
      return '?' + to.toString().replaceAll('%2C', ',');
    },
    rows_again: function (search, pulse) {
      const by = ns.callback_context.triggered_id;
      if (!by || typeof dash_ag_grid === 'undefined') return same();
      const asked = new URLSearchParams(search), wanted = asked.get('order') || '';
      asked.delete('order');
      const other = String(asked) !== question;
      question = String(asked);
      dash_ag_grid.getApiAsync('findings-grid').then(api => {
        if (by === 'url' && wanted !== orderOf(api)) ordered(wanted);
        if (by !== 'url') api.refreshInfiniteCache(); else if (other) api.purgeInfiniteCache();
      }).catch(() => {});
      return same();
    }
  });
  document.addEventListener('keydown', event => {      // t: tables instead of pictures
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key !== 't') return;
    for (const button of document.querySelectorAll('.panel .tool.twin-button')) button.click();
  });
})();
