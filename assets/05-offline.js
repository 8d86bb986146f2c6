// Plotly fetches a world map from its makers' server for every choropleth. An empty one here means no request,
// and no border that is not ours can ever be drawn.
window.PlotlyGeoAssets = window.PlotlyGeoAssets || {topojson: {}};
(function () {
  const none = () => ({type: 'GeometryCollection', geometries: []});
  for (const scope of ['world', 'asia'])
    for (const resolution of ['110m', '50m'])
      window.PlotlyGeoAssets.topojson[scope + '_' + resolution] = {type: 'Topology', arcs: [], objects: {
        coastlines: none(), land: none(), ocean: none(), lakes: none(), rivers: none(), countries: none(), subunits: none()}};
})();
