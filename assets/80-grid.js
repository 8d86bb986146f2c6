// Cells of the grid that are more than text.
(function () {
  const cells = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  const SHAPE = {red: '■', yellow: '▲', notice: '●', cleared: '○'};
  const skeleton = () => React.createElement('span', {className: 'skeleton', style: {width: '60%', height: 10}});
  cells.CardCell = function (props) {
    if (!props.data) return skeleton();
    const kind = props.data.card_kind;
    return React.createElement('span', {className: 'tag ' + kind, title: props.data.card_title || ''}, SHAPE[kind] + ' ' + props.data.card);
  };
  cells.RuleCell = function (props) {
    if (!props.data) return skeleton();
    return React.createElement('span', null,
      React.createElement('a', {href: '/finding/' + props.data.finding_id, tabIndex: -1, style: {color: 'inherit', fontWeight: 600}}, props.data.title),
      ' ', React.createElement('span', {className: 'code'}, props.data.rule));
  };
  (window.dashAgGridFunctions = window.dashAgGridFunctions || {}).leave = () => false;   // Tab leaves the cells: the browser goes on
  // A row opens its finding: by a click anywhere but on the tick box, or by Enter on the focused cell.
  function open(event) {
    const cell = event.target.closest && event.target.closest('.grid-box .ag-cell'), row = cell && cell.closest('.ag-row');
    if (!row || !row.getAttribute('row-id') || cell.getAttribute('col-id').startsWith('ag-Grid-Selection')) return;
    const chosen = window.getSelection();      // text marked in this row is to be copied; marked elsewhere it means nothing
    if (event.ctrlKey || event.metaKey || event.shiftKey || (String(chosen) && row.contains(chosen.anchorNode))) return;
    event.preventDefault();
    window.aidwatch.go('/finding/' + row.getAttribute('row-id'));
  }
  document.addEventListener('click', open);
  document.addEventListener('keydown', event => { if (event.key === 'Enter') open(event); });
})();
