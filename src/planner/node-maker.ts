import type { LogicalNode } from './logical-node.ts'

/** What the normal form has to know of a column: whether a person has at most one value in it. */
export type IsSingleValued = (column: string) => boolean

/** The makers of nodes that the rewrites use: a `LogicalPool`, without its insides. */
export interface NodeMaker {
  readonly everyone: LogicalNode
  readonly nobody: LogicalNode
  readonly isSingleValued: IsSingleValued
  present(column: string): LogicalNode
  values(column: string, values: Iterable<string>): LogicalNode
  range(column: string, scale: number, from: number, to: number): LogicalNode
  not(node: LogicalNode): LogicalNode
  and(nodes: readonly LogicalNode[]): LogicalNode
  or(nodes: readonly LogicalNode[]): LogicalNode
  /** The negation of a node if it has been made already: a look, which makes nothing. */
  knownNegation(node: LogicalNode): LogicalNode | undefined
}
