// Shared by all tabs of a browser: one event stream, however many pages are open (HTTP/1.1 allows six a host).
// It knows the last id it handed on, so a stream that breaks goes on where it stopped.
const pages = new Set(), DEAF_MS = 40000;         // the server says something every 15 s
let stream = null, last = '', state = 'connecting', since = Date.now(), retry = null, heard = 0;

function tell(message) { for (const page of pages) page.postMessage(message); }
function become(next) {
  if (next !== state) { state = next; since = Date.now(); }
  tell({t: 'state', state, since});
}
function close() { clearTimeout(retry); if (stream) stream.close(); stream = null; }
function end() { close(); become('ended'); }
function open() {
  close();
  if (state === 'ended') state = 'connecting';      // somebody signed in again
  heard = Date.now();
  stream = new EventSource('/live/events' + (last ? '?last=' + encodeURIComponent(last) : ''));
  const on = (name, act) => stream.addEventListener(name, event => { heard = Date.now(); act(event); });
  on('open', () => become('live'));
  on('beat', event => { last = event.lastEventId || last; });
  on('finding', event => { last = event.lastEventId || last; tell({t: 'finding', id: event.lastEventId, v: JSON.parse(event.data)}); });
  on('resync', event => { last = event.lastEventId || ''; tell({t: 'resync'}); });
  on('ended', end);
  stream.onerror = () => {
    become('lost');
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(again, 1000 + Math.random() * 2000);  // it gave up: we do not
  };
}
async function again() {                 // refused, or away: only an answer tells
  const answer = await fetch('/account/here').catch(() => null);
  if (answer && answer.redirected) end(); else open();
}
setInterval(() => { if (stream && Date.now() - heard > DEAF_MS) { become('lost'); open(); } }, 5000);  // a link can die without a word
function join(page) {
  pages.add(page);
  page.onmessage = message => {
    if (message.data === 'bye') { pages.delete(page); if (!pages.size && stream) { close(); state = 'connecting'; } return; }
    pages.add(page);
    if (!stream) open();
    page.postMessage({t: 'state', state, since});
  };
}
if (self.SharedWorkerGlobalScope) onconnect = event => { join(event.ports[0]); event.ports[0].start(); }; else join(self);
