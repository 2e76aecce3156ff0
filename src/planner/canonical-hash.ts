import { createHash } from 'node:crypto'
import { decimalText } from '../base/decimal.ts'
import { byCodeUnits } from './by-code-units.ts'
import type { LogicalNode } from './logical-node.ts'

/**
 * The canonical hash of a rule in normal form: SHA-256, as 64 hexadecimal digits, over the text below. Rules that are
 * equal up to the rewrites have one hash, on every machine and in every version of this format.
 *
 * A condition is hashed as JSON: `["present",column]`, `["values",column,[…]]`, `[search kind,column,text]`,
 * `["range",column,from,to]` (decimal texts, `null` for no bound), `["window",column,window]`, `["behaviour",question]`, `["audience",name,version]`, `["everyone"]`, `["nobody"]`. A combination as its kind, for `atLeast` also `k`, and the hashes
 * of its parts in ascending order: `["and","1f…","e0…"]`.
 */
export function canonicalHash(node: LogicalNode): string {
  return digest(node)
}

const digests = new WeakMap<LogicalNode, string>()

/** The hash of a node, computed once. */
export function digest(node: LogicalNode): string {
  const known = digests.get(node)
  if (known !== undefined) return known
  const fresh = createHash('sha256')
    .update(JSON.stringify(describe(node)))
    .digest('hex')
  digests.set(node, fresh)
  return fresh
}

function describe(node: LogicalNode): readonly unknown[] {
  switch (node.kind) {
    case 'everyone':
    case 'nobody':
      return [node.kind]
    case 'present':
      return ['present', node.column]
    case 'values':
      return ['values', node.column, node.values]
    case 'search':
      return [node.search.kind, node.column, node.search.kind === 'matches' ? node.search.pattern : node.search.text]
    case 'range':
      return ['range', node.column, boundText(node.from, node.scale), boundText(node.to, node.scale)]
    case 'window':
      return ['window', node.column, node.window]
    case 'behaviour':
      return ['behaviour', node.question]
    case 'audience':
      return ['audience', node.name, node.version]
    case 'not':
      return ['not', digest(node.of)]
    case 'and':
    case 'or':
    case 'xor':
      return [node.kind, ...node.of.map(digest).sort(byCodeUnits)]
    case 'atLeast':
      return ['atLeast', node.k, ...node.of.map(digest).sort(byCodeUnits)]
  }
}

function boundText(bound: number, scale: number): string | null {
  return Number.isFinite(bound) ? decimalText(bound, scale) : null
}
