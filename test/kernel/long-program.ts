import fc from 'fast-check'
import { type BlockProgram, BlockProgramMaker } from '../../src/kernel/block-program.ts'

/** Steps of a long program: most read what was made last and operands that nobody has read yet, as rules do. */
const stepArb = fc.record({
  op: fc.constantFrom('and', 'or', 'xor', 'andNot', 'not', 'atLeast', 'orAll', 'andAll', 'between'),
  back: fc.oneof({ weight: 8, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(300) }),
  many: fc.integer({ min: 1, max: 70 }),
  low: fc.nat(),
  high: fc.nat(),
})

/** Programs of more operands than one stage has. */
export const longProgramArb: fc.Arbitrary<BlockProgram> = fc
  .record({
    operands: fc.integer({ min: 21, max: 260 }),
    steps: fc.array(stepArb, { minLength: 1, maxLength: 25 }),
    outputs: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ operands, steps, outputs }) => {
    const maker = new BlockProgramMaker()
    let next = 0
    const fresh = (count: number): number[] => Array.from({ length: count }, () => maker.operand(next++ % operands))
    const made: number[] = fresh(1)
    for (const { op, back, many, low, high } of steps) {
      const before = made[Math.max(0, made.length - 1 - back)]!
      switch (op) {
        case 'not':
          made.push(maker.not(before))
          break
        case 'atLeast':
          made.push(maker.atLeast(low % (many + 2), [...fresh(many), before]))
          break
        case 'orAll':
        case 'andAll':
          made.push(maker[op]([...fresh(many), before]))
          break
        case 'between': {
          const bits = [before, ...fresh(many % 30)]
          made.push(maker.between(bits, low % 2 ** bits.length, high % 2 ** bits.length))
          break
        }
        default:
          made.push(maker[op](before, fresh(1)[0]!))
      }
    }
    maker.operand(operands - 1)
    return maker.program(made.slice(-outputs))
  })

/** What the operations of a program are, given what its operands are: word by word. */
export function valuesOf(
  operations: BlockProgram['operations'],
  operand: (operand: number) => Uint32Array,
  words: number,
): Uint32Array[] {
  const values: Uint32Array[] = []
  for (const operation of operations) {
    const a = 'a' in operation ? values[operation.a]! : none
    const b = 'b' in operation ? values[operation.b]! : none
    switch (operation.op) {
      case 'operand':
        values.push(operand(operation.operand))
        break
      case 'zero':
        values.push(new Uint32Array(words))
        break
      case 'one':
        values.push(new Uint32Array(words).fill(0xffff_ffff))
        break
      case 'not':
        values.push(a.map((word) => ~word))
        break
      case 'and':
        values.push(a.map((word, i) => word & b[i]!))
        break
      case 'or':
        values.push(a.map((word, i) => word | b[i]!))
        break
      case 'xor':
        values.push(a.map((word, i) => word ^ b[i]!))
        break
      case 'andNot':
        values.push(a.map((word, i) => word & ~b[i]!))
    }
  }
  return values
}

const none = new Uint32Array(0)
