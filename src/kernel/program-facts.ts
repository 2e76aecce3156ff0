import type { BlockOperation, BlockProgram } from './block-program.ts'

/** The operands that everything in every output is in. */
export function requiredOf({ operations, outputs }: BlockProgram): number[] {
  const required: ReadonlySet<number>[] = []
  const none: ReadonlySet<number> = new Set()
  for (const operation of operations) required.push(requiredBy(operation, required, none))
  const [first, ...others] = outputs.map((place) => required[place]!)
  return [...first!].filter((operand) => others.every((other) => other.has(operand)))
}

function requiredBy(
  operation: BlockOperation,
  known: readonly ReadonlySet<number>[],
  none: ReadonlySet<number>,
): ReadonlySet<number> {
  switch (operation.op) {
    case 'operand':
      return new Set([operation.operand])
    case 'and':
      return new Set([...known[operation.a]!, ...known[operation.b]!])
    case 'andNot':
      return known[operation.a]!
    case 'or': {
      const other = known[operation.b]!
      return new Set([...known[operation.a]!].filter((operand) => other.has(operand)))
    }
    default:
      return none
  }
}

/** Whether any output is set where no operand is. */
export function holdsForNobody({ operations, outputs }: BlockProgram): boolean {
  const set: boolean[] = []
  for (const operation of operations) {
    const a = 'a' in operation && set[operation.a]!
    const b = 'b' in operation && set[operation.b]!
    switch (operation.op) {
      case 'operand':
      case 'zero':
        set.push(false)
        break
      case 'one':
        set.push(true)
        break
      case 'not':
        set.push(!a)
        break
      case 'and':
        set.push(a && b)
        break
      case 'andNot':
        set.push(a && !b)
        break
      case 'or':
        set.push(a || b)
        break
      case 'xor':
        set.push(a !== b)
    }
  }
  return outputs.some((place) => set[place])
}
