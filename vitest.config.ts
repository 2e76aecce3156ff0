import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Otherwise one core is left idle, which of two is half.
    maxWorkers: '100%',
    execArgv: ['--expose-gc'],
  },
})
