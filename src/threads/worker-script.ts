import { pathToFileURL } from 'node:url'

/**
 * The module that worker threads run. The build puts it beside all others; where crowdbit runs from its sources, as in its tests, it is that of the last build,
 * since Node doesn't read TypeScript in a thread.
 */
export function workerScript(): URL {
  // In CommonJS there is no import.meta, and in a module there is no __filename.
  const here = typeof __filename === 'string' ? pathToFileURL(__filename).href : import.meta.url
  return new URL(here.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', here)
}
