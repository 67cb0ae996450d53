// Metrics as Prometheus reads them, and the files that ask for them.
import fs from 'node:fs'
import { z } from 'zod'

/** The value of a series, `name{a="b"}` with its labels in any order; undefined where there is none. */
export function readSeries(text: string, series: string): number | undefined {
  const wanted = normal(series)
  const line = text.split('\n').find(one => normal(one.replace(/ [^ ]+$/, '')) === wanted)
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1))
}

const normal = (series: string): string => {
  const [, name = series, labels = ''] = /^(\w+)\{(.*)\}$/.exec(series) ?? []
  return [name, ...(labels.match(/\w+="[^"]*"/g) ?? []).sort()].join(' ')
}

/** The names of all series that such metrics can have. */
export function namesIn(text: string): Set<string> {
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)]
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : [name],
    ),
  )
}

const position = z.strictObject({
  h: z.int().min(1),
  w: z.int().min(1).max(24),
  x: z.int().min(0).max(23),
  y: z.int().min(0),
})
const datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal(`\${datasource}`) })
const common = { id: z.int().min(1), title: z.string().min(1), gridPos: position }
const row = z.strictObject({
  ...common,
  type: z.literal('row'),
  collapsed: z.boolean(),
  panels: z.array(z.never()),
})
const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource,
  expr: z.string().min(1),
  legendFormat: z.string().min(1),
})
const legend = z.strictObject({
  displayMode: z.enum(['list', 'table']),
  placement: z.enum(['bottom', 'right']),
  showLegend: z.boolean(),
})
const panel = z.strictObject({
  ...common,
  type: z.enum(['timeseries', 'stat']),
  description: z.string().optional(),
  datasource,
  fieldConfig: z.strictObject({
    defaults: z.strictObject({
      unit: z.enum(['short', 's', 'bytes', 'Bps', 'reqps', 'ops', 'cps', 'percentunit']),
      min: z.number().optional(),
    }),
    overrides: z.array(z.never()),
  }),
  options: z.union([
    z.strictObject({
      legend,
      tooltip: z.strictObject({ mode: z.literal('multi'), sort: z.literal('desc') }),
    }),
    z.strictObject({
      reduceOptions: z.strictObject({
        calcs: z.array(z.string()),
        fields: z.string(),
        values: z.boolean(),
      }),
      colorMode: z.literal('value'),
      textMode: z.literal('auto'),
    }),
  ]),
  targets: z.array(target).min(1),
})

/** What of Grafana's dashboards ours uses. */
const dashboard = z.strictObject({
  title: z.string(),
  uid: z.string(),
  tags: z.array(z.string()),
  editable: z.boolean(),
  schemaVersion: z.int(),
  version: z.int(),
  timezone: z.literal('browser'),
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  templating: z.strictObject({
    list: z
      .array(
        z.strictObject({
          name: z.literal('datasource'),
          label: z.string(),
          type: z.literal('datasource'),
          query: z.literal('prometheus'),
          hide: z.literal(0),
          refresh: z.literal(1),
          multi: z.literal(false),
          includeAll: z.literal(false),
        }),
      )
      .length(1),
  }),
  annotations: z.strictObject({ list: z.array(z.never()) }),
  links: z.array(z.never()),
  panels: z.array(z.discriminatedUnion('type', [row, panel])),
})

/** The dashboard, checked. */
export const readDashboard = () =>
  dashboard.parse(JSON.parse(fs.readFileSync('deploy/dashboard.json', 'utf8')))

/** The queries of its panels, by the panel's title. */
export const panelQueries = (): { title: string; query: string }[] =>
  readDashboard().panels.flatMap(one =>
    'targets' in one ? one.targets.map(({ expr }) => ({ title: one.title, query: expr })) : [],
  )

/** Names of metrics in a query or in a file of rules. */
export const metricsIn = (text: string): string[] => text.match(/\b(drita|process|nodejs)_\w+/g) ?? []
