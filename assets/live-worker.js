// Shared by all tabs of a browser: one event stream, however many pages are open (HTTP/1.1 allows six a host).
// It knows the last id it handed on, so a stream that breaks goes on where it stopped.
const pages = new Set();
let stream = null, last = '', state = 'connecting', since = Date.now(), retry = null;

function tell(message) { for (const page of pages) page.postMessage(message); }
function become(next) {
  if (next !== state) { state = next; since = Date.now(); }
  tell({t: 'state', state, since});
}
function open() {
  clearTimeout(retry);
  if (stream) stream.close();
  stream = new EventSource('/live/events' + (last ? '?last=' + encodeURIComponent(last) : ''));
  stream.onopen = () => become('live');
  stream.onerror = () => {
    become('lost');
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(open, 1000 + Math.random() * 2000);  // it gave up: we do not
  };
  stream.addEventListener('finding', e => { last = e.lastEventId || last; tell({t: 'finding', id: e.lastEventId, v: JSON.parse(e.data)}); });
  stream.addEventListener('resync', e => { last = e.lastEventId || ''; tell({t: 'resync'}); });
}
onconnect = event => {
  const page = event.ports[0];
  pages.add(page);
  page.onmessage = message => {
    if (message.data === 'bye') { pages.delete(page); if (!pages.size && stream) { stream.close(); stream = null; state = 'connecting'; } return; }
    if (!stream) open();
    page.postMessage({t: 'state', state, since});
  };
  page.start();
};
