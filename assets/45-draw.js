// Draws what the server says into places React leaves alone. Dash keeps books on every component it draws, and a page
// of a thousand of them blocks the browser for seconds at each arriving card; plain elements cost nothing afterwards.
(function () {
  const app = window.aidwatch = window.aidwatch || {};
  const ns = window.dash_clientside = window.dash_clientside || {};
  const TAGS = new Set('A,B,Br,Button,Dd,Details,Div,Dl,Dt,Form,H1,H2,H3,Hr,I,Input,Label,Li,Nav,Ol,P,Pre,Section,Small,Span,Strong,Summary,Table,Tbody,Td,Tfoot,Th,Thead,Time,Tr,Ul'.split(','));
  const NAMES = {className: 'class', dateTime: 'datetime', tabIndex: 'tabindex', colSpan: 'colspan'};
  const OURS = /^([/?#]|$)/;             // links lead nowhere but into this application

  app.build = function build(node) {
    if (node === null || node === undefined || node === false) return null;
    if (Array.isArray(node)) { const many = document.createDocumentFragment(); for (const one of node) { const made = build(one); if (made) many.append(made); } return many; }
    if (typeof node !== 'object') return document.createTextNode(String(node));
    const inside = node.type === 'Link';
    if (!inside && !TAGS.has(node.type)) throw new Error('cannot draw ' + node.type);
    const element = document.createElement(inside ? 'a' : node.type.toLowerCase());
    if (inside) element.dataset.inside = '';
    for (const [name, value] of Object.entries(node.props || {})) put(element, name, value);
    return element;
  };
  function put(element, name, value) {
    if (value === null || value === undefined || value === false) return;
    if (name === 'children') { const made = app.build(value); if (made) element.append(made); }
    else if (name === 'style') for (const [rule, given] of Object.entries(value)) element.style[rule] = typeof given === 'number' && rule !== 'opacity' ? given + 'px' : given;
    else if (name === 'action') { if (OURS.test(value)) element.setAttribute('action', value); }
    else if (name === 'href' && !OURS.test(value)) return;
    else if (/^(class|id|role|title|href|type|name|value|method|lang|open|hidden|download|className|dateTime|tabIndex|colSpan|data-[\w-]+|aria-[\w-]+)$/.test(name)) element.setAttribute(NAMES[name] || name, value === true ? '' : value);
  }
  // What is the same stays: no flicker, no lost focus, no closed menu while one reads.
  app.fillIn = function (place, node) {
    const said = JSON.stringify(node);
    if (place._said === said) return;
    place._said = said;
    const focus = place.contains(document.activeElement) && document.activeElement, open = [...place.querySelectorAll('details')].map(one => one.open);
    place.replaceChildren(app.build(node) || '');
    place.querySelectorAll('details').forEach((one, n) => { if (open[n] && !one.classList.contains('chip-menu')) one.open = true; });
    if (focus) {
      const again = [...place.querySelectorAll(focus.tagName)].find(one => (one.getAttribute('href') || one.textContent) === (focus.getAttribute('href') || focus.textContent));
      if (again) again.focus({preventScroll: true});
    }
    if (app.age) app.age();
  };
  app.go = function (href) {             // as a link of Dash does: the address changes, the page stays
    window.history.pushState({}, '', href);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
    document.documentElement.classList.remove('nav-open');
  };
  document.addEventListener('click', event => {
    const link = event.target.closest && event.target.closest('a[data-inside]');
    for (const menu of document.querySelectorAll('details.chip-menu[open]')) if (!menu.contains(event.target) || link) menu.open = false;
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const to = new URL(link.href), leaves = to.pathname !== location.pathname, rows = to.hash && document.getElementById(to.hash.slice(1));
    app.go(link.getAttribute('href'));
    if (rows && !leaves) { rows.scrollIntoView({block: 'start'}); rows.focus({preventScroll: true}); }  // a number opens its list further down
    if (leaves) { const page = document.getElementById('page'); if (page) page.scrollTop = 0; }
  });
  document.addEventListener('keydown', event => {
    const menu = event.key === 'Escape' && document.querySelector('details.chip-menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  ns.aidwatch = Object.assign(ns.aidwatch || {}, {
    draw: function (node, id) {
      const place = document.getElementById('drawn-' + id.of);
      if (place && node !== undefined) app.fillIn(place, node);
      return ns.no_update;
    }
  });
})();
