// Saves a chart as PNG in the browser: its title and sentence above it, legend, place, filters and as-of below.
(function () {
  const ns = window.dash_clientside = window.dash_clientside || {};
  const EDGE = 16, LINE = 20, SCALE = 2;

  function lines(pen, text, width) {            // Chinese breaks anywhere, other words at blanks
    const found = [''];
    for (const word of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) || []) {
      const longer = found[found.length - 1] + word;
      if (found[found.length - 1] && pen.measureText(longer).width > width) found.push(word); else found[found.length - 1] = longer;
    }
    return found;
  }
  function legend(panel) {
    return [...panel.querySelectorAll('.legend span')].filter(one => one.querySelector('i')).map(one => [one.querySelector('i'), one.textContent.trim()]);
  }
  function hatched(pen, ink) {                  // as .hatched: what is not known
    const tile = document.createElement('canvas'), brush = tile.getContext('2d');
    tile.width = tile.height = 6;
    brush.fillStyle = ink('--hatch-a'); brush.fillRect(0, 0, 6, 6);
    brush.strokeStyle = ink('--hatch-b'); brush.lineWidth = 2;
    for (const shift of [-6, 0, 6]) { brush.beginPath(); brush.moveTo(shift, 6); brush.lineTo(shift + 6, 0); brush.stroke(); }
    return pen.createPattern(tile, 'repeat');
  }
  async function image(plot) {
    const made = new Image();
    const font = {...plot.layout.font, family: getComputedStyle(document.documentElement).getPropertyValue('--font')};   // outside the page nothing is inherited
    made.src = await window.Plotly.toImage({data: plot.data, layout: {...plot.layout, font}}, {format: 'png', width: plot.offsetWidth || 960, height: plot.offsetHeight || 420, scale: SCALE});
    await made.decode();
    return made;
  }
  async function drawn(panel, plot, said) {
    const picture = await image(plot), style = getComputedStyle(document.documentElement), ink = name => style.getPropertyValue(name).trim();
    const canvas = document.createElement('canvas'), pen = canvas.getContext('2d'), inner = Math.max(picture.width / SCALE, 480);
    const font = weight => { pen.font = `${weight} 13px ${style.getPropertyValue('--font')}`; };
    font(400);
    const top = lines(pen, panel.querySelector('.say').textContent, inner), bottom = lines(pen, said, inner), marks = legend(panel);
    const height = EDGE * 2 + LINE * (2 + top.length + bottom.length + (marks.length ? 1 : 0)) + picture.height / SCALE;
    canvas.width = (inner + EDGE * 2) * SCALE; canvas.height = height * SCALE;
    pen.scale(SCALE, SCALE);
    pen.fillStyle = ink('--surface'); pen.fillRect(0, 0, inner + EDGE * 2, height);
    let y = EDGE + 13;
    const write = (text, colour, x = EDGE) => { pen.fillStyle = ink(colour); pen.fillText(text, x, y); };
    font(600); write(panel.querySelector('h2').textContent, '--text'); y += LINE;
    font(400); for (const line of top) { write(line, '--text'); y += LINE; }
    pen.drawImage(picture, EDGE, y - 8, picture.width / SCALE, picture.height / SCALE); y += picture.height / SCALE + LINE / 2;
    let x = EDGE;
    for (const [mark, name] of marks) { pen.fillStyle = mark.classList.contains('hatched') ? hatched(pen, ink) : getComputedStyle(mark).backgroundColor; pen.fillRect(x, y - 10, 12, 12); write(name, '--muted', x + 16); x += 32 + pen.measureText(name).width; }
    if (marks.length) y += LINE;
    for (const line of bottom) { write(line, '--muted'); y += LINE; }
    return new Promise(done => canvas.toBlob(done, 'image/png'));
  }
  async function save(chart, told) {
    const plot = document.querySelector(`#${chart}-picture .js-plotly-plot`), panel = plot.closest('.panel');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await drawn(panel, plot, told.said));
    link.download = [document.querySelector('.head h1').textContent, panel.querySelector('h2').textContent, told.place, told.at].filter(Boolean).join('-').replace(/[\s/\\:*?"<>|]+/g, ' ') + '.png';
    link.click();
    URL.revokeObjectURL(link.href);
  }
  ns.aidwatch = Object.assign(ns.aidwatch || {}, {
    picture: function (n, told, id) { if (n && told) save(id.chart, told); return ns.no_update; }
  });
})();
