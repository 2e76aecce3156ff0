import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { checkValue } from '../columns/check-value.ts'
import { numberLimits } from '../columns/number-limits.ts'
import type { ValueDictionary } from '../columns/value-dictionary.ts'
import type { EventColumn, PropertyColumn } from '../events/event-column.ts'
import type { CategorySpec, NumberSpec, PropertySpec } from '../schema/column-spec.ts'
import { heldValue, scaledValue } from './scaled-value.ts'

/** A column of one property that is made event by event. Events that nothing is put for have no value. */
export interface PropertyBuilder {
  /** @throws the VALUE_… codes */
  put(place: number, value: unknown): void
  /** A number as it is held. @throws the VALUE_… codes */
  putHeld(place: number, value: number): void
  done(): PropertyColumn
}

/** What may be written to one property of an event. */
export interface PropertyForm {
  readonly kind: PropertySpec['kind']
  readonly name: string
  /**
   * The value as it is kept: a text in NFC, a scaled integer, `true`; `null` for none.
   *
   * @throws the VALUE_… codes
   */
  check(value: unknown): string | number | boolean | null
  /** A builder for this many events. */
  builder(length: number): PropertyBuilder
}

/** @param label what errors call the property */
export function propertyForm(name: string, label: string, spec: PropertySpec, column: EventColumn): PropertyForm {
  switch (spec.kind) {
    case 'flag':
      return new FlagForm(name, label)
    case 'category':
      return new CategoryForm(name, label, spec, column.category(name)!)
    case 'number':
      return new NumberForm(name, label, spec)
  }
}

class FlagForm implements PropertyForm {
  readonly kind = 'flag'
  readonly name: string
  readonly #label: string

  constructor(name: string, label: string) {
    this.name = name
    this.#label = label
  }

  check(value: unknown): true | null {
    if (value === true) return true
    if (value === false || value === null || value === undefined) return null
    throw new CrowdbitError(
      'VALUE_WRONG_TYPE',
      `${this.#label} is a flag and takes true or false, but was given ${show(value)}`,
      { column: this.#label, value },
    )
  }

  builder(length: number): PropertyBuilder {
    const bits = new Uint8Array(length)
    return {
      put: (place, value) => {
        bits[place] = this.check(value) === true ? 1 : 0
      },
      putHeld: (_, value) => void this.check(value),
      done: () => ({ kind: 'flag', bits }),
    }
  }
}

class NumberForm implements PropertyForm {
  readonly kind = 'number'
  readonly name: string
  readonly #check: (value: unknown) => number
  readonly #checkHeld: (value: number) => number

  constructor(name: string, label: string, spec: NumberSpec) {
    this.name = name
    const limits = numberLimits(spec)
    const power = 10 ** limits.scale
    this.#check = (value) => scaledValue(label, limits, power, value)
    this.#checkHeld = (value) => heldValue(label, limits, value)
  }

  check(value: unknown): number | null {
    return value === null || value === undefined ? null : this.#check(value)
  }

  builder(length: number): PropertyBuilder {
    const values = new Float64Array(length).fill(Number.NaN)
    const check = this.#check
    const checkHeld = this.#checkHeld
    return {
      put: (place, value) => {
        if (value !== null && value !== undefined) values[place] = check(value)
      },
      putHeld: (place, value) => {
        values[place] = checkHeld(value)
      },
      done: () => ({ kind: 'number', values }),
    }
  }
}

class CategoryForm implements PropertyForm {
  readonly kind = 'category'
  readonly name: string
  readonly #label: string
  readonly #spec: CategorySpec
  readonly #known: ValueDictionary

  constructor(name: string, label: string, spec: CategorySpec, known: ValueDictionary) {
    this.name = name
    this.#label = label
    this.#spec = spec
    this.#known = known
  }

  check(value: unknown): string | null {
    if (value === null || value === undefined) return null
    // What the dictionary has is in NFC, and was allowed.
    if (typeof value === 'string' && this.#known.find(value) !== -1) return value
    return checkValue(this.#label, this.#spec, value)
  }

  builder(length: number): PropertyBuilder {
    const codes = new Uint32Array(length)
    const texts: string[] = []
    const codeOf = new Map<unknown, number>()
    const enter = (value: unknown): number => {
      const text = checkValue(this.#label, this.#spec, value)
      const code = codeOf.get(text) ?? texts.push(text)
      codeOf.set(text, code)
      codeOf.set(value, code)
      return code
    }
    return {
      put: (place, value) => {
        if (value !== null && value !== undefined) codes[place] = codeOf.get(value) ?? enter(value)
      },
      putHeld: (_, value) => void enter(value),
      done: () => ({ kind: 'category', texts, codes }),
    }
  }
}
