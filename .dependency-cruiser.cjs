/**
 * The layer rules of ARCHITECTURE.md as a tool: no import cycle, imports go to a lower layer only (type imports
 * included), only bitmap/ names the Roaring package, rules/ stays pure, no source imports the test kit.
 */
const layers = [
  ['base'],
  ['schema', 'bitmap', 'store', 'threads'],
  ['rules', 'ids', 'columns', 'kernel'],
  ['events'],
  ['dataset', 'behaviour'],
  ['planner', 'ingest'],
  ['audiences', 'insight', 'parallel'],
  ['engine'],
]

/** For each room: it may import itself and any room on a lower line, nothing else under src/. */
const downwardOnly = layers.flatMap((rooms, level) =>
  rooms.map((room) => {
    const allowed = [room, ...layers.slice(0, level).flat()]
    return {
      name: `${room}-imports-downward-only`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
    }
  }),
)

module.exports = {
  forbidden: [
    ...downwardOnly,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-bitmap-names-roaring',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/bitmap/' },
      to: { path: '(^|/)roaring(/|$)' },
    },
    {
      name: 'rules-are-pure',
      comment: 'rules/ runs in a browser: base, schema and the regular-expression engine, nothing of Node.',
      severity: 'error',
      from: { path: '^src/(rules|schema|base)/' },
      to: { pathNot: ['^src/(rules|schema|base)/', '(^|/)re2js(/|$)'] },
    },
    {
      name: 'test-kit-stays-outside',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/testing/' },
      to: { path: '^src/testing/' },
    },
    {
      name: 'test-kit-imports-public-names-only',
      severity: 'error',
      from: { path: '^src/testing/' },
      to: { path: '^src/', pathNot: '^src/(testing/|index\\.ts$|rules/index\\.ts$)' },
    },
    {
      name: 'every-room-is-on-a-line',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(index\\.ts$|testing/|(${layers.flat().join('|')})/)` },
      to: {},
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true }, to: {} },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
