// The wall: no frame around the page, one picture at a time, turned by a timer or by keys; filters stay in the address.
(function () {
  const TURN_MS = 20000, root = document.documentElement;
  let at = 0, held = false, timer = null;
  const slides = () => [...document.querySelectorAll('#slides > .slide')];
  const here = () => location.pathname === '/wall';

  function show(n) {
    const all = slides();
    if (!all.length) return;
    at = (n + all.length) % all.length;
    all.forEach((one, place) => { one.classList.toggle('shown', place === at); one.inert = place !== at; });
    document.getElementById('slides').dataset.held = held;
    clearTimeout(timer);
    if (!held) timer = setTimeout(() => show(at + 1), TURN_MS);
  }
  function look() {                       // the page was changed or drawn anew
    root.classList.toggle('wall-mode', here());
    if (here() && !document.querySelector('#slides > .slide.shown')) show(at);
    if (!here()) clearTimeout(timer);
    for (const link of document.querySelectorAll('a.leave, a.to-wall')) link.setAttribute('href', link.pathname + location.search);
  }
  new MutationObserver(look).observe(document.documentElement, {childList: true, subtree: true});
  document.addEventListener('keydown', event => {
    if (!here() || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === 'ArrowRight') show(at + 1);
    else if (event.key === 'ArrowLeft') show(at - 1);
    else if (event.key === ' ' && !event.target.closest('button, a')) { held = !held; show(at); event.preventDefault(); }
    else if (event.key === 'Escape') window.aidwatch.go('/' + location.search);
  });
})();
