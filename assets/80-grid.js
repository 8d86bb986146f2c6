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
      React.createElement('a', {href: '/finding/' + props.data.finding_id, tabIndex: -1, style: {color: 'inherit', fontWeight: 600}, onClick: e => { if (!e.ctrlKey && !e.metaKey) e.preventDefault(); }}, props.data.title),
      ' ', React.createElement('span', {className: 'code'}, props.data.rule));
  };
})();
