/** An operation on blocks of 65,536 bits: of operands and of results of earlier operations, by their places. */
export type BlockOperation =
  | { readonly op: 'operand'; readonly operand: number }
  | { readonly op: 'and' | 'or' | 'xor' | 'andNot'; readonly a: number; readonly b: number }
  | { readonly op: 'not'; readonly a: number }
  | { readonly op: 'zero' | 'one' }

/**
 * A boolean program: what is asked of a set of people, container by container. Operations stand in an order in which each comes behind
 * those that it reads; equal ones are one. `outputs` are the places of the results that are counted.
 */
export interface BlockProgram {
  readonly operations: readonly BlockOperation[]
  readonly outputs: readonly number[]
  /** How many operands there are: those of the operations are below it. */
  readonly operands: number
  /** Names the shape: equal programs have equal keys. */
  readonly key: string
}

/** Makes programs: equal operations are made once, and constants are folded away. */
export class BlockProgramMaker {
  readonly #operations: BlockOperation[] = []
  readonly #places = new Map<string, number>()
  #operands = 0

  /** The next operand, or the one of a number that was given out. */
  operand(operand: number): number {
    this.#operands = Math.max(this.#operands, operand + 1)
    return this.#make(`o${operand}`, { op: 'operand', operand })
  }

  zero(): number {
    return this.#make('0', { op: 'zero' })
  }

  one(): number {
    return this.#make('1', { op: 'one' })
  }

  not(a: number): number {
    const of = this.#operations[a]!
    if (of.op === 'zero') return this.one()
    if (of.op === 'one') return this.zero()
    if (of.op === 'not') return of.a
    return this.#make(`!${a}`, { op: 'not', a })
  }

  and(a: number, b: number): number {
    if (a === b || this.#is(b, 'one')) return a
    if (this.#is(a, 'one')) return b
    if (this.#is(a, 'zero') || this.#is(b, 'zero')) return this.zero()
    const [first, second] = [this.#operations[a]!, this.#operations[b]!]
    if (second.op === 'not') return this.andNot(a, second.a)
    if (first.op === 'not') return this.andNot(b, first.a)
    return this.#both('and', '&', a, b)
  }

  /** What `a` has and `b` hasn't. */
  andNot(a: number, b: number): number {
    if (a === b || this.#is(a, 'zero') || this.#is(b, 'one')) return this.zero()
    if (this.#is(b, 'zero')) return a
    if (this.#is(a, 'one')) return this.not(b)
    const second = this.#operations[b]!
    if (second.op === 'not') return this.and(a, second.a)
    return this.#make(`${a}-${b}`, { op: 'andNot', a, b })
  }

  or(a: number, b: number): number {
    if (a === b || this.#is(b, 'zero')) return a
    if (this.#is(a, 'zero')) return b
    if (this.#is(a, 'one') || this.#is(b, 'one')) return this.one()
    return this.#both('or', '|', a, b)
  }

  xor(a: number, b: number): number {
    if (a === b) return this.zero()
    if (this.#is(a, 'zero')) return b
    if (this.#is(b, 'zero')) return a
    if (this.#is(a, 'one')) return this.not(b)
    if (this.#is(b, 'one')) return this.not(a)
    return this.#both('xor', '^', a, b)
  }

  /** In a tree, so that no operation waits for a long line of others. */
  andAll(places: Iterable<number>): number {
    return this.#tree(
      places,
      (a, b) => this.and(a, b),
      () => this.one(),
    )
  }

  orAll(places: Iterable<number>): number {
    return this.#tree(
      places,
      (a, b) => this.or(a, b),
      () => this.zero(),
    )
  }

  /**
   * Where at least `k` of the places are set: the number of set ones in binary, bit by bit, against `k`.
   *
   * Source of the adder: W. Kautz; D. Knuth, The Art of Computer Programming 4A, 7.1.2 (full adders, side by side).
   */
  atLeast(k: number, places: Iterable<number>): number {
    return this.notBelow(this.add(places), k)
  }

  /**
   * The bits, lowest first, of how many of the places are set. Three of a column are added as soon as they are there, so that few results wait
   * for others.
   */
  add(places: Iterable<number>): number[] {
    const columns: number[][] = []
    const put = (place: number, bit: number): void => {
      columns[bit] ??= []
      const column = columns[bit]
      column.push(place)
      if (column.length < 3) return
      const [a, b, c] = column.splice(0) as [number, number, number]
      const half = this.xor(a, b)
      column.push(this.xor(half, c))
      put(this.or(this.and(a, b), this.and(half, c)), bit + 1)
    }
    for (const place of places) put(place, 0)
    for (let bit = 0; bit < columns.length; bit++) {
      const [a, b] = columns[bit]!
      if (b === undefined) continue
      columns[bit] = [this.xor(a!, b)]
      put(this.and(a!, b), bit + 1)
    }
    return columns.map(([bit]) => bit!)
  }

  /** Where the number with these bits, lowest first, is `least` or more. */
  notBelow(bits: readonly number[], least: number): number {
    return this.between(bits, least, 2 ** bits.length)
  }

  /**
   * Where the number with these bits, lowest first, is at least `low` and below `high`. Both are compared bit by bit at the same time, one operation each,
   * so that a bit isn't needed any more once both have it.
   */
  between(bits: readonly number[], low: number, high: number): number {
    const bounds = [low, high].map((least) => ({ least, above: least <= 0 ? this.one() : this.zero() }))
    for (const [i, bit] of bits.entries()) {
      for (const bound of bounds) {
        if (bound.least <= 0 || bound.least >= 2 ** bits.length) continue
        // At least `least` is above least - 1: that of the lower bits, then a bit more each time.
        const isSet = Math.floor((bound.least - 1) / 2 ** i) % 2 === 1
        bound.above = isSet ? this.and(bit, bound.above) : this.or(bit, bound.above)
      }
    }
    return this.andNot(bounds[0]!.above, bounds[1]!.above)
  }

  /** The program with these outputs: operations that none of them needs are left out. */
  program(outputs: readonly number[]): BlockProgram {
    const needed = new Set<number>(outputs)
    for (let place = this.#operations.length - 1; place >= 0; place--) {
      if (!needed.has(place)) continue
      const operation = this.#operations[place]!
      if ('a' in operation) needed.add(operation.a)
      if ('b' in operation) needed.add(operation.b)
    }
    const places = new Map([...needed].sort((x, y) => x - y).map((place, i) => [place, i]))
    const operations = [...places.keys()].map((place): BlockOperation => {
      const operation = this.#operations[place]!
      if ('b' in operation) return { op: operation.op, a: places.get(operation.a)!, b: places.get(operation.b)! }
      return 'a' in operation ? { op: operation.op, a: places.get(operation.a)! } : operation
    })
    const moved = outputs.map((place) => places.get(place)!)
    return { operations, outputs: moved, operands: this.#operands, key: keyOf(operations, moved, this.#operands) }
  }

  #is(place: number, op: 'zero' | 'one'): boolean {
    return this.#operations[place]!.op === op
  }

  #both(op: 'and' | 'or' | 'xor', sign: string, a: number, b: number): number {
    const [low, high] = a < b ? [a, b] : [b, a]
    return this.#make(`${low}${sign}${high}`, { op, a: low, b: high })
  }

  #make(key: string, operation: BlockOperation): number {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    this.#places.set(key, this.#operations.length)
    return this.#operations.push(operation) - 1
  }

  /**
   * As a binary counter adds: as soon as there are two of the same size they are one, so that few results wait for others. What is left has more
   * places the earlier it was put in.
   */
  #tree(places: Iterable<number>, join: (a: number, b: number) => number, none: () => number): number {
    const waiting: number[] = []
    let count = 0
    for (const place of places) {
      waiting.push(place)
      for (let ones = count++; ones % 2 === 1; ones = (ones - 1) / 2) {
        const b = waiting.pop()!
        waiting.push(join(waiting.pop()!, b))
      }
    }
    return waiting.length === 0 ? none() : waiting.reduceRight((b, a) => join(a, b))
  }
}

const signs = { and: '&', or: '|', xor: '^', andNot: '-' } as const

function keyOf(operations: readonly BlockOperation[], outputs: readonly number[], operands: number): string {
  const parts = operations.map((operation) => {
    switch (operation.op) {
      case 'operand':
        return `o${operation.operand}`
      case 'not':
        return `!${operation.a}`
      case 'zero':
        return '0'
      case 'one':
        return '1'
      default:
        return `${operation.a}${signs[operation.op]}${operation.b}`
    }
  })
  return `${operands}:${parts.join(',')}:${outputs.join(',')}`
}
