import { defineConfig, type Options } from 'tsup'

const common: Options = {
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  treeshake: true,
  // The bundler gives classes inner names otherwise, and an error would print as _CrowdbitError.
  keepNames: true,
}

export default defineConfig([
  {
    ...common,
    entry: {
      index: 'src/index.ts',
      rules: 'src/rules/index.ts',
      testing: 'src/testing/index.ts',
    },
    format: ['esm', 'cjs'],
    dts: true,
    splitting: true,
    esbuildOptions(options) {
      // Looked at in modules alone: see worker-script.ts.
      options.logOverride = { 'empty-import-meta': 'silent' }
    },
    // All but the other configuration's: both run at once.
    clean: ['!worker.js', '!worker.js.map'],
  },
  // What a worker thread runs: one file, that loads nothing native.
  { ...common, entry: { worker: 'src/parallel/worker.ts' }, format: ['esm'], splitting: false },
])
