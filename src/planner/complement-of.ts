import type { LogicalNode } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'

/**
 * The intersection whose complement a union with negations is, `null` for any other node. Evaluation takes it in the place
 * of the union, since it has fewer negations: everyone less the intersection, with one complement or none.
 */
export function complementOf(node: LogicalNode, pool: NodeMaker): LogicalNode | null {
  if (node.kind !== 'or' || !node.of.some((part) => part.kind === 'not')) return null
  const complement = pool.not(node)
  return complement.kind === 'and' ? complement : null
}
