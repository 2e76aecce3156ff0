import { isEventNode } from '../ast.ts'
import type { Span } from '../fault.ts'
import { durationPath, partPath, stepPath, termPaths } from '../rule-path.ts'
import type { Mark } from './mark.ts'

/** Where the events of a node stand in the text, by JSON path, and the filters of events, which are rules themselves. */
export interface EventPlaces {
  readonly spans: readonly (readonly [path: string, span: Span])[]
  readonly filters: readonly { readonly mark: Mark; readonly path: string }[]
}

/** The places of the events of the node at `path`. */
export function eventPlaces({ node, events }: Mark, path: string): EventPlaces {
  const spans: [string, Span][] = []
  const filters: { mark: Mark; path: string }[] = []
  if (events === null || !isEventNode(node)) return { spans, filters }
  const paths = termPaths(node, path)
  events.terms.forEach((term, index) => {
    const at = paths[index]!
    spans.push([at.term, term])
    // Where a term is the name of its event alone, both have one path.
    spans.push([at.event, term.event])
    if (term.property !== null) spans.push([at.property, term.property])
    if (term.minus !== null) spans.push([at.minus, term.minus])
    if (term.where !== null) filters.push({ mark: term.where, path: at.where })
  })
  if (events.test !== null) filters.push({ mark: events.test, path: partPath(path, node, 'test') })
  if (node.kind === 'sequence') {
    for (const gap of events.gaps) {
      const absent = gap.of === 'absence'
      const duration = absent ? node.absence?.within : node.steps[gap.of]?.within
      const at = `${absent ? partPath(path, node, 'absence') : stepPath(path, gap.of)}.within`
      spans.push([at, gap])
      if (duration) spans.push([durationPath(at, duration), gap.count])
    }
  }
  return { spans, filters }
}
