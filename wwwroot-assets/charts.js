// Live time series on uPlot: made once, then one point a tick. One chart for each element.
const charts = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function resolve(name) {
  // light-dark() and color-mix() are resolved by a used value only: ask an element that wears the colour.
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const used = getComputedStyle(probe).color;
  probe.remove();
  return used;
}

function options(element, chart) {
  const faint = resolve("--faint");
  const line = resolve("--line");
  const axis = { stroke: faint, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: `11px ${colour("--font")}` };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { points: { size: 6 }, y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_, min, max) => [0, Math.max(chart.floor, max * 1.12)] } },
    series: [{}, ...chart.series.map((one) => ({
      label: one.label,
      stroke: resolve(one.colour),
      width: one.dashed ? 1 : 1.75,
      dash: one.dashed ? [4, 4] : undefined,
      fill: one.filled ? resolve(one.fill) : undefined,
      points: { show: false },
    }))],
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 70, values: (_, times) => times.map((time) => clock(time, times.at(-1) - times[0] < 240)) },
      { ...axis, size: 44, space: 34, values: (_, values) => values.map((value) => format(value, chart.unit)) },
    ],
    hooks: { setCursor: [(plot) => tip(chart, plot)] },
  };
}

function clock(time, seconds) {
  return new Date(time * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: seconds ? "2-digit" : undefined, hourCycle: "h23" });
}

function format(value, unit) {
  if (unit === "MiB" && value >= 1024) {
    return value >= 1048576 ? `${Math.round(value / 104857.6) / 10} T` : `${Math.round(value / 102.4) / 10} G`;
  }
  return unit === "MiB" ? `${Math.round(value)} M` : value >= 10000 ? `${Math.round(value / 100) / 10} k` : `${Math.round(value * 100) / 100}`;
}

function tip(chart, plot) {
  const index = plot.cursor.idx;
  chart.tip.hidden = index === null || index === undefined;
  if (chart.tip.hidden) {
    return;
  }
  chart.tip.textContent = [
    clock(chart.data[0][index], true),
    ...chart.series.map((one, i) => `${one.label} ${format(chart.data[i + 1][index] ?? 0, chart.unit)}`),
  ].join("   ");
}

function draw(element, chart) {
  chart.plot?.destroy();
  chart.plot = new uPlot(options(element, chart), chart.data, element);
}

export function init(element, series, unit, floor, data, maxPoints) {
  if (!element) {
    return; // The page was left while this module was on its way.
  }
  const chart = { series, unit, floor, data, maxPoints, tip: element.parentElement.querySelector(".chart-tip") };
  chart.resize = new ResizeObserver(() => chart.plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
  chart.redraw = () => draw(element, chart);
  draw(element, chart);
  chart.resize.observe(element);
  document.addEventListener("themechange", chart.redraw);
  charts.set(element, chart);
}

export function push(element, x, ys) {
  const chart = charts.get(element);
  if (!chart) {
    return;
  }
  chart.data[0].push(x);
  ys.forEach((y, i) => chart.data[i + 1].push(y));
  if (chart.data[0].length > chart.maxPoints) {
    chart.data.forEach((column) => column.shift());
  }
  chart.plot.setData(chart.data);
}

export function dispose(element) {
  const chart = charts.get(element);
  if (chart) {
    document.removeEventListener("themechange", chart.redraw);
    chart.resize.disconnect();
    chart.plot.destroy();
    charts.delete(element);
  }
}
