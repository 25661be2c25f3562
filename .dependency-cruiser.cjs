// The layers, as an allow-list: an import that no line allows fails, so a new folder must be declared here.
const inside = (folder) => ({ path: `^${folder}/` });
const outside = { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] };

/** Folders that may import one another, in one direction. */
const LAYERS = [
  ['crds', []],
  ['charts', ['crds']],
  ['operator/search', ['crds']],
  ['operator/runtime', []],
  ['operator/reconcilers', ['crds', 'operator/search', 'operator/runtime']],
  ['operator/adapters', ['crds', 'operator/runtime', 'operator/reconcilers']],
  ['trainer/program', ['trainer/worker']],
  ['trainer/onnx-model', []],
  [
    'trainer/executors',
    ['trainer/program', 'trainer/random', 'trainer/layouts', 'trainer/onnx-model'],
  ],
  ['trainer/learning-rules', ['crds', 'trainer/program']],
  ['trainer/primitives', ['trainer/program', 'trainer/learning-rules']],
  ['trainer/network', ['crds', 'trainer/program', 'trainer/learning-rules', 'trainer/primitives']],
  ['trainer/data', ['crds', 'trainer/random', 'trainer/worker']],
  ['trainer/attacks', ['crds', 'trainer/random']],
  ['trainer', ['crds']],
  // The page, built for browsers: of the rest it knows types.
  ['dashboard', ['crds', 'cli']],
  ['cli', ['crds', 'operator', 'trainer', 'dashboard', 'package.json']],
];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'operator-and-trainer-never-meet',
      severity: 'error',
      from: { path: '^(operator|trainer)/' },
      to: { path: '^(operator|trainer)/', pathNot: '^$1/' },
    },
    {
      name: 'the-page-knows-types-and-what-is-pure',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: {
        pathNot:
          '^dashboard/|node_modules|^cli/(quantities|drawing)/|^cli/comparison/(claim|columns)[.]ts|^cli/result/gradient-masking[.]ts|^crds/v1alpha1/learning-rule[.]ts',
        dependencyTypesNot: ['type-only', 'core'],
      },
    },
    {
      name: 'what-the-page-takes-stays-pure',
      severity: 'error',
      from: {
        path: '^cli/(quantities|drawing)/|^cli/comparison/(claim|columns)[.]ts|^cli/result/gradient-masking[.]ts',
      },
      to: {
        pathNot:
          '^cli/(quantities|drawing)/|^cli/comparison/claim[.]ts|node_modules/@dagrejs/|^crds/v1alpha1/learning-rule[.]ts',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'kubernetes-client-only-in-its-adapter',
      severity: 'error',
      from: { pathNot: '^operator/adapters/kubernetes/' },
      to: { path: 'node_modules/@kubernetes/' },
    },
    {
      name: 'nats-only-in-its-adapters',
      severity: 'error',
      from: { pathNot: '^(operator/adapters/nats|trainer/nats)/' },
      to: { path: 'node_modules/@nats-io/' },
    },
    {
      name: 'opentelemetry-only-in-its-adapters',
      severity: 'error',
      from: { pathNot: '^(operator/adapters/(telemetry|tracing)|trainer/telemetry)/' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'bzip2-only-where-tables-are-read',
      severity: 'error',
      from: { pathNot: '^cli/simulate/table/' },
      to: { path: 'node_modules/seek-bzip/' },
    },
  ],
  allowed: [
    // The operator's composition root: the files that lie in no room.
    { from: { path: '^operator/[^/]+[.]ts$' }, to: { path: '^(crds|operator)/|^package[.]json$' } },
    { from: { path: '^operator/[^/]+[.]ts$' }, to: outside },
  ].concat(
    LAYERS.flatMap(([folder, others]) => [
      { from: { path: `^${folder}(/|$)` }, to: inside(folder) },
      { from: { path: `^${folder}(/|$)` }, to: outside },
      ...others.map((other) => ({
        from: { path: `^${folder}(/|$)` },
        to: { path: `^${other}(/|[.]ts$|$)` },
      })),
    ]),
  ),
  allowedSeverity: 'error',
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
