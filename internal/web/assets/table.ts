// The words a chart is drawn from: the JSON of the table beside it.

/** One figure of a table: a value with the ends of its interval. */
export interface Cell {
  v: number;
  lo: number;
  hi: number;
  /** coverage of the interval; absent for kinds that state none */
  level?: number;
  /** key of the interval's kind, such as "confidence" */
  kind: string;
  /** value and range as the table writes them, in the reader's language */
  text: string;
  /** address of the figure's lineage */
  href?: string;
}

export interface Row {
  /** ISO 3166-1 alpha-3 code of a country, or any key unique in the table */
  key: string;
  label: string;
  href?: string;
  home?: boolean;
  group?: string;
  cells: Record<string, Cell | string | number | null>;
}

export interface Chart {
  type: "ranges" | "bars" | "map" | "lines" | "panels" | "sunburst" | "legs";
  /** key of the column drawn */
  value: string;
  /** key of the column along the axis, for lines; "year" unless said */
  x?: string;
  /** key of a text column that names the series; the row's group unless said */
  series?: string;
  /** circles for counts, in place of fills */
  symbols?: boolean;
  /** low values are best, as with ranks */
  reverse?: boolean;
  log?: boolean;
  /** spelled out, in the reader's language */
  unit?: string;
}

export interface Table {
  title: string;
  /** the chart in a sentence, for those who do not see it */
  summary: string;
  /** words of the chart in the reader's language, by key */
  labels: Record<string, string>;
  columns: { key: string; label: string; type: string }[];
  rows: Row[];
  chart?: Chart;
}

/** A row with the figure of it that is drawn. */
export interface Mark {
  row: Row;
  cell: Cell;
}

/** cellOf returns the figure of a row in a column, or null if it has none. */
export function cellOf(row: Row, column: string): Cell | null {
  const c = row.cells[column];
  if (typeof c !== "object" || c === null) return null;
  if (c.kind === "limits" && c.v === null) return { ...c, v: (c.lo + c.hi) / 2 }; // a place to point at
  return Number.isFinite(c.v) ? c : null;
}

/** drawn returns the rows of a table that have a figure in a column, and the labels of those that have none. */
export function drawn(table: Table, column: string): { marks: Mark[]; missing: string[] } {
  const marks: Mark[] = [];
  const missing: string[] = [];
  for (const row of table.rows) {
    const cell = cellOf(row, column);
    if (cell) marks.push({ row, cell });
    else missing.push(row.label);
  }
  return { marks, missing };
}

/** kindsOf returns the kinds of interval among the marks, each once, in order of first use. */
export function kindsOf(marks: Mark[]): string[] {
  return [...new Set(marks.map((m) => m.cell.kind))];
}

/** A Series is a named line of marks in order along the axis. */
export interface Series {
  name: string;
  home: boolean;
  points: { x: number; mark: Mark }[];
}

/** seriesOf returns the table's lines, in order of first use. A row whose place on the axis is no number is left out. */
export function seriesOf(table: Table): Series[] {
  const chart = table.chart!;
  const by = new Map<string, Series>();
  for (const mark of drawn(table, chart.value).marks) {
    const at = mark.row.cells[chart.x ?? "year"];
    const x = yearOf(typeof at === "object" ? (at?.v ?? NaN) : (at ?? mark.row.label));
    if (!Number.isFinite(x)) continue;
    const named = chart.series ? mark.row.cells[chart.series] : undefined;
    const name = typeof named === "string" ? named : (mark.row.group ?? mark.row.label);
    const s = by.get(name) ?? { name, home: false, points: [] };
    by.set(name, s);
    s.home ||= mark.row.home === true;
    s.points.push({ x, mark });
  }
  for (const s of by.values()) s.points.sort((a, b) => a.x - b.x);
  return [...by.values()];
}

/** yearOf reads a year or a date such as 2020-06 as a number of years, NaN for anything else. */
export function yearOf(s: string | number): number {
  if (typeof s === "number") return s;
  const m = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(s.trim());
  if (!m) return NaN;
  return Number(m[1]) + (m[2] ? (Number(m[2]) - 1) / 12 : 0) + (m[3] ? (Number(m[3]) - 1) / 366 : 0);
}
