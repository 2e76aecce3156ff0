import type { Span } from '../fault.ts'
import { childPath, operatorPlace, partPath, windowPath } from '../rule-path.ts'
import { type EventPlaces, eventPlaces } from './event-places.ts'
import type { Mark } from './mark.ts'

/**
 * The places of a parsed rule by their paths in its JSON.
 *
 * Cost: linear in nodes, list values and the lengths of their paths; nothing recursive.
 */
export function placesOf(root: Mark): Map<string, Span> {
  const places = new Map<string, Span>()
  const waiting: { mark: Mark; path: string }[] = [{ mark: root, path: '$' }]
  const put = (path: string, { start, end }: Span) => {
    places.set(path, { start, end })
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { mark, path } = next
    const { node, parts, items, children } = mark
    put(path, mark)
    for (const part of parts) {
      const at = part.part === 'operator' ? operatorPlace(path) : partPath(path, node, part.part)
      put(at, part)
      for (const inside of part.inside ?? []) put(windowPath(at, inside.part), inside)
    }
    for (let i = 0; i < items.length; i += 2) {
      places.set(partPath(path, node, 'values', i / 2), { start: items[i]!, end: items[i + 1]! })
    }
    if (mark.events !== null) {
      const { spans, filters }: EventPlaces = eventPlaces(mark, path)
      for (const [at, span] of spans) put(at, span)
      waiting.push(...filters)
    }
    children.forEach((child, index) => {
      waiting.push({ mark: child, path: childPath(node, path, index) })
    })
  }
  return places
}
