import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bitmap, bitmapOf } from '../../src/bitmap/bitmap.ts'
import { BlockEvaluator } from '../../src/kernel/block-evaluator.ts'
import { type BlockProgram, BlockProgramMaker } from '../../src/kernel/block-program.ts'
import { CompiledPrograms } from '../../src/kernel/compiled-programs.ts'
import { Image } from '../../src/kernel/image.ts'
import { KernelMemory } from '../../src/kernel/kernel-memory.ts'
import { KernelSpaces } from '../../src/kernel/kernel-spaces.ts'
import { mostSlots, type Stage, stagesOf } from '../../src/kernel/program-stages.ts'
import { campaign } from '../fast-check-config.ts'
import { draw } from '../store/draw.ts'
import { buildWith } from './build-with.ts'
import { longProgramArb, valuesOf } from './long-program.ts'

const span = 65_536
const words = span / 32

/** A block of some density: as words, and as a bitmap. */
function blockOf(seed: number): { readonly words: Uint32Array; readonly bitmap: Bitmap } {
  const random = draw(seed)
  const block = new Uint32Array(words)
  const values = [0, 40, 500, 3_000, 20_000][random(5)]!
  for (let i = 0; i < values; i++) {
    const value = random(span)
    block[value >>> 5]! |= 1 << (value & 31)
  }
  const bitmap = bitmapOf()
  for (let value = 0; value < span; value++) if ((block[value >>> 5]! >>> (value & 31)) & 1) bitmap.add(value)
  return { words: block, bitmap }
}

/** What stages leave, one after another. */
function evaluate(stages: readonly Stage[], operand: (operand: number) => Uint32Array): Uint32Array[] {
  const slots: Uint32Array[] = []
  let outputs: Uint32Array[] = []
  for (const stage of stages) {
    const values = valuesOf(
      stage.operations,
      (n) => {
        const input = stage.inputs[n]!
        return 'operand' in input ? operand(input.operand) : slots[input.slot]!
      },
      2,
    )
    outputs = stage.outputs.map((place) => values[place]!)
    for (const [i, slot] of stage.slots.entries()) slots[slot] = outputs[i]!
  }
  return outputs
}

describe('a long program in stages', () => {
  test('is what it is in one go, and no stage is longer than may be, or writes where it reads', () => {
    let cut = 0
    fc.assert(
      fc.property(longProgramArb, fc.nat(), (program, seed) => {
        const stages = stagesOf(program)
        if (stages === null) return
        if (stages.length > 2) cut++
        const random = draw(seed)
        const operands = Array.from({ length: program.operands }, () =>
          Uint32Array.from({ length: 2 }, () => random(65_536) * 65_536 + random(65_536)),
        )
        const expected = valuesOf(program.operations, (operand) => operands[operand]!, 2)
        expect(evaluate(stages, (operand) => operands[operand]!)).toEqual(
          program.outputs.map((place) => expected[place]!),
        )
        for (const [i, { inputs, operations, slots }] of stages.entries()) {
          expect(operations.length).toBeLessThanOrEqual(125)
          // The last one reads the outputs of the program too.
          expect(inputs.length).toBeLessThanOrEqual(i === stages.length - 1 ? 20 : 16)
          const read = inputs.flatMap((input) => ('slot' in input ? [input.slot] : []))
          expect(slots.filter((slot) => read.includes(slot) || slot >= mostSlots)).toEqual([])
        }
      }),
      campaign(300),
    )
    expect(cut).toBeGreaterThan(100)
  })

  test('counts and builds what plain words do', () => {
    const spaces = new KernelSpaces(64 << 20)
    spaces.reach(0)
    const { memory, tools, programs } = spaces.all[0]!
    const blocks = Array.from({ length: 40 }, (_, seed) => blockOf(seed))
    const images = blocks.map(({ bitmap }) => {
      const image = new Image(spaces)
      expect(image.seal(bitmap)).toBe(true)
      return image
    })
    const full = blocks.findIndex(({ bitmap }) => !bitmap.isEmpty)
    fc.assert(
      fc.property(longProgramArb, fc.nat(), (program, seed) => {
        if (stagesOf(program) === null) return
        const random = draw(seed)
        // The first has somebody, so that there is a container to look at.
        const chosen = Array.from({ length: program.operands }, (_, i) => (i === 0 ? full : random(blocks.length)))
        const evaluator = new BlockEvaluator(
          memory.arena,
          tools,
          programs.get(program),
          chosen.map((block) => images[block]!),
        )
        const values = valuesOf(program.operations, (operand) => blocks[chosen[operand]!]!.words, words)
        const outputs = program.outputs.map((place) => values[place]!)
        expect(evaluator.counts()).toEqual(outputs.map(ones))
        const built = buildWith(evaluator, memory.arena)
        expect(built.size).toBe(ones(outputs[0]!))
        let isIn = 1
        for (const value of built) isIn &= outputs[0]![value >>> 5]! >>> (value & 31)
        expect(isIn).toBe(1)
      }),
      campaign(60),
    )
  })

  test('is too long where too many results wait for others', () => {
    const maker = new BlockProgramMaker()
    const made = Array.from({ length: 200 }, (_, i) => maker.xor(maker.operand(2 * i), maker.operand(2 * i + 1)))
    expect(stagesOf(maker.program([maker.orAll(made)]))).toBeNull()
    expect(stagesOf(maker.program([maker.orAll(made.slice(0, 60))]))).not.toBeNull()
  })
})

function ones(block: Uint32Array): number {
  let count = 0
  for (let word of block) for (; word !== 0; word &= word - 1) count++
  return count
}

describe('thousands of bitmaps', () => {
  const blocks = Array.from({ length: 60 }, (_, seed) => blockOf(1_000 + seed))
  /** For each, the bitmaps that it is in, of 4,000 that are the same sixty again and again. */
  const inHowMany = new Uint32Array(span)
  for (let operand = 0; operand < 4_000; operand++) {
    const block = blocks[operand % blocks.length]!.words
    for (let value = 0; value < span; value++) inHowMany[value]! += (block[value >>> 5]! >>> (value & 31)) & 1
  }

  test('are counted and built, in stages that are short and modules that are not too long', () => {
    const spaces = new KernelSpaces(64 << 20)
    spaces.reach(0)
    const { memory, tools, programs } = spaces.all[0]!
    const images = blocks.map(({ bitmap }) => {
      const image = new Image(spaces)
      image.seal(bitmap)
      return image
    })
    const operands = Array.from({ length: 4_000 }, (_, operand) => images[operand % images.length]!)
    const maker = new BlockProgramMaker()
    const places = operands.map((_, operand) => maker.operand(operand))
    const program = maker.program([maker.atLeast(700, places), maker.orAll(places), maker.andAll(places)])
    const compiled = programs.get(program)
    expect(compiled.canProbe).toBe(false)
    const evaluator = new BlockEvaluator(memory.arena, tools, compiled, operands)
    const expected = [700, 1, 4_000].map((least) => inHowMany.filter((count) => count >= least).length)
    expect(evaluator.counts()).toEqual(expected)
    expect(buildWith(evaluator, memory.arena).size).toBe(expected[0])
    // And nothing is left in the blocks that lists were put into.
    expect(evaluator.counts()).toEqual(expected)
  })

  test('and shapes without end fill no memory', () => {
    const programs = new CompiledPrograms(new KernelMemory(1 << 20).memory)
    const programOf = (operands: number, k: number): BlockProgram => {
      const maker = new BlockProgramMaker()
      const places = Array.from({ length: operands }, (_, operand) => maker.operand(operand))
      return maker.program([maker.atLeast(k, places)])
    }
    for (let k = 1; k <= 40; k++) programs.get(programOf(800, k))
    expect(programs.size.operations).toBeLessThan(100_000)
    expect(programs.size.programs).toBeGreaterThan(5)
    expect(programs.get(programOf(800, 40))).toBe(programs.get(programOf(800, 40)))
    for (let seed = 0; seed < 300; seed++) programs.get(shapeOf(seed))
    expect(programs.size.programs).toBe(256)
  })
})

/** A short program like no other. */
function shapeOf(seed: number): BlockProgram {
  const maker = new BlockProgramMaker()
  let place = maker.operand(0)
  for (let bit = 0; bit < 10; bit++)
    place =
      (seed >>> bit) % 2 === 0 ? maker.and(place, maker.operand(bit + 1)) : maker.or(place, maker.operand(bit + 1))
  return maker.program([place])
}
