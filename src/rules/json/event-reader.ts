import { eventLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { Duration, EventTerm, NumberTest, RuleNode, SequenceNode, SequenceStep, Slot, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { measures } from '../units.ts'
import { type EventHeadKey, isNumberTestKey, stepKeys, termKeys } from './json-keys.ts'
import { OpenGroup } from './open-group.ts'
import { isObject, type JsonObject, type PartReader } from './part-reader.ts'
import { readDuration, readUnit, readWeekStart, readWindow } from './window-reader.ts'

/** What reading one object gives: the rule, or the group whose inner rules come next. `null`: faulty. */
export type Entered = RuleNode | OpenGroup | null

/** A part that waits for the filters inside it, which are read after it; `null`: faulty. */
type Draft<Part> = (filters: readonly RuleNode[]) => Part

/** Reads one rule about events, without the rules inside its filters: those it gathers, with their places. */
export class EventReader {
  readonly #reader: PartReader
  readonly #value: JsonObject
  readonly #path: string
  readonly #filters: { readonly json: unknown; readonly path: string }[] = []

  constructor(reader: PartReader, value: JsonObject, path: string) {
    this.#reader = reader
    this.#value = value
    this.#path = path
  }

  read(head: EventHeadKey): Entered {
    const draft = this.#draft(head)
    const filters = this.#filters
    if (filters.length === 0) return draft === null ? null : draft([])
    // What is faulty itself still has its filters read, for their faults.
    return new OpenGroup(
      filters.map((filter) => filter.json),
      (index) => filters[index]!.path,
      (nodes) => (draft === null ? null : draft(nodes)),
      true,
    )
  }

  #draft(head: EventHeadKey): Draft<RuleNode> | null {
    switch (head) {
      case 'did':
        return this.#did()
      case 'first':
      case 'last':
        return this.#occurrence(head)
      case 'sequence':
        return this.#sequence()
      case 'stopped':
      case 'resumed':
      case 'new':
        return this.#lifecycle(head)
      case 'regular':
        return this.#regular()
    }
  }

  #did(): Draft<RuleNode> | null {
    const reader = this.#reader
    const path = this.#path
    const terms = this.#didTerms(this.#value.did)
    const measure = this.#has('measure') ? reader.word(this.#value.measure, measures, `${path}.measure`) : 'count'
    const window = this.#optionalWindow()
    const test = this.#numberTest()
    if (measure !== null && measure !== 'count' && test === undefined) {
      const message = `found the measure "${measure}" without a test, expected one such as "gte": 100`
      return reader.fault('RULE_WRONG_TYPE', message, path)
    }
    if (terms === null || measure === null || window === null || test === null) return null
    return (filters) =>
      make.behaviour(
        measure,
        terms.map((term) => term(filters)),
        window,
        test,
      )
  }

  #didTerms(did: unknown): readonly Draft<EventTerm>[] | null {
    const place = `${this.#path}.did`
    if (!Array.isArray(did)) {
      const term = this.#loneTerm(did, 'did', true)
      return term === null ? null : [term]
    }
    this.#notBeside(['where', 'property'], 'did')
    if (did.length === 0) {
      return this.#reader.fault('RULE_EMPTY', 'found "did" of no events, expected at least one', place)
    }
    return this.#terms(did, place)
  }

  /** The only event of a rule: its name, with the filter beside it, or an object of its own. */
  #loneTerm(value: unknown, head: EventHeadKey, withProperty: boolean): Draft<EventTerm> | null {
    const place = `${this.#path}.${head}`
    if (isObject(value) && !Object.hasOwn(value, 'param')) {
      this.#notBeside(['where', 'property'], head)
      return this.#term(value, place, termKeys)
    }
    const reader = this.#reader
    reader.countNode(place)
    const event = reader.text(value, place, 'the name of an event')
    const filter = this.#filter(this.#value, this.#path)
    const property =
      withProperty && this.#has('property') ? reader.text(this.#value.property, `${this.#path}.property`) : undefined
    if (event === null || property === null) return null
    return (filters) => make.eventTerm(event, filter === null ? null : filters[filter]!, property ?? null)
  }

  /** Refuses keys that belong inside the object of an event. */
  #notBeside(keys: readonly string[], head: string): void {
    for (const key of keys) {
      if (!this.#has(key)) continue
      const message = `found "${key}" beside "${head}", expected it inside the object with the name of the event`
      this.#reader.fault('RULE_UNKNOWN_KEY', message, `${this.#path}.${key}`)
    }
  }

  #terms(value: unknown, path: string): readonly Draft<EventTerm>[] | null {
    const reader = this.#reader
    const list = reader.array(value, path, 'events')
    if (list === null) return null
    const terms: Draft<EventTerm>[] = []
    for (let i = 0; i < list.length; i++) {
      const term = this.#term(list[i], `${path}[${i}]`, termKeys)
      if (term !== null) terms.push(term)
    }
    return terms.length === list.length ? terms : null
  }

  #term(value: unknown, path: string, keys: readonly string[]): Draft<EventTerm> | null {
    const reader = this.#reader
    reader.countNode(path)
    if (!isObject(value)) {
      const name = typeof value === 'string' && value.length <= 64 ? value : 'purchase'
      const message = `found ${show(value)}, expected an event such as {"event": ${JSON.stringify(name)}}`
      return reader.fault('RULE_WRONG_TYPE', message, path)
    }
    let fits = reader.knownKeys(value, keys, path)
    const event = Object.hasOwn(value, 'event')
      ? reader.text(value.event, `${path}.event`, 'the name of an event')
      : reader.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected the key "event"`, path)
    const filter = this.#filter(value, path)
    const property = Object.hasOwn(value, 'property') ? reader.text(value.property, `${path}.property`) : undefined
    const minus = Object.hasOwn(value, 'minus')
    if (minus && !reader.isTrue(value.minus, `${path}.minus`, 'leave the key out instead')) fits = false
    if (!fits || event === null || property === null) return null
    return (filters) =>
      make.eventTerm(event, filter === null ? null : filters[filter]!, property ?? null, minus ? -1 : 1)
  }

  /** Notes the filter of an object for being read, and gives its number; `null`: there is none. */
  #filter(value: JsonObject, path: string, key: 'where' | 'test' = 'where'): number | null {
    if (!Object.hasOwn(value, key)) return null
    return this.#filters.push({ json: value[key], path: `${path}.${key}` }) - 1
  }

  /** The test of a measure; `undefined`: there is none. */
  #numberTest(): NumberTest | undefined | null {
    const operators = Object.keys(this.#value).filter(isNumberTestKey)
    const [op] = operators
    const reader = this.#reader
    if (op === undefined) return undefined
    if (operators.length > 1) {
      const found = operators.map((key) => `"${key}"`).join(', ')
      return reader.fault('RULE_WRONG_TYPE', `found ${found} in one object, expected one test`, this.#path)
    }
    const place = `${this.#path}.${op}`
    if (op === 'between') {
      const ends = readEnds(reader, this.#value.between, place)
      return ends === null ? null : { op, from: ends[0], to: ends[1] }
    }
    const value = reader.constant(this.#value[op], place)
    return value === null ? null : { op, value }
  }

  #occurrence(head: 'first' | 'last'): Draft<RuleNode> | null {
    const event = this.#loneTerm(this.#value[head], head, false)
    const test = this.#filter(this.#value, this.#path, 'test')
    const window = this.#optionalWindow()
    if (event === null || window === null) return null
    return (filters) => make.occurrence(head, event(filters), test === null ? null : filters[test]!, window)
  }

  #sequence(): Draft<RuleNode> | null {
    const reader = this.#reader
    const path = this.#path
    const steps = this.#steps(this.#value.sequence, `${path}.sequence`)
    const absence = this.#has('absence') ? this.#absence(this.#value.absence, `${path}.absence`) : undefined
    const same = this.#has('same') ? reader.text(this.#value.same, `${path}.same`, 'the name of a property') : undefined
    const allowSameTime = this.#has('allowSameTime')
    const isTrue =
      !allowSameTime || reader.isTrue(this.#value.allowSameTime, `${path}.allowSameTime`, 'leave the key out instead')
    const window = this.#optionalWindow()
    if (steps === null || absence === null || same === null || window === null || !isTrue) return null
    return (filters) =>
      make.sequence(
        steps.map((step) => step(filters)),
        { absence: absence?.(filters) ?? null, same: same ?? null, allowSameTime, window: window ?? make.ever() },
      )
  }

  #steps(value: unknown, path: string): readonly Draft<SequenceStep>[] | null {
    const reader = this.#reader
    const list = reader.array(value, path, 'steps')
    if (list === null) return null
    if (list.length === 0 || list.length > eventLimits.steps) {
      const message = `found a sequence of ${list.length} steps, expected 1 to ${eventLimits.steps}`
      return reader.fault('RULE_BAD_SEQUENCE', message, path)
    }
    const steps: Draft<SequenceStep>[] = []
    for (let i = 0; i < list.length; i++) {
      const step = this.#step(list[i], `${path}[${i}]`)
      if (step !== null) steps.push(step)
    }
    return steps.length === list.length ? steps : null
  }

  #step(value: unknown, path: string): Draft<SequenceStep> | null {
    const event = this.#term(value, path, stepKeys)
    if (!isObject(value)) return null
    const within = Object.hasOwn(value, 'within')
      ? readDuration(this.#reader, value.within, `${path}.within`)
      : undefined
    const without = Object.hasOwn(value, 'without') ? this.#terms(value.without, `${path}.without`) : []
    if (event === null || within === null || without === null) return null
    return (filters) =>
      make.step(
        event(filters),
        within ?? null,
        without.map((term) => term(filters)),
      )
  }

  #absence(value: unknown, path: string): Draft<NonNullable<SequenceNode['absence']>> | null {
    const reader = this.#reader
    if (!isObject(value)) {
      const example = '{"events": [{"event": "purchase"}], "within": {"hours": 24}}'
      return reader.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected an absence such as ${example}`, path)
    }
    const known = reader.knownKeys(value, ['events', 'within'], path)
    const events = this.#absentEvents(value, path)
    const within: Duration | null = Object.hasOwn(value, 'within')
      ? readDuration(reader, value.within, `${path}.within`)
      : reader.fault('RULE_WRONG_TYPE', 'found "absence" without "within", expected both "events" and "within"', path)
    if (!known || events === null || within === null) return null
    return (filters) => ({ events: events.map((term) => term(filters)), within })
  }

  #absentEvents(value: JsonObject, path: string): readonly Draft<EventTerm>[] | null {
    const reader = this.#reader
    if (!Object.hasOwn(value, 'events')) {
      const message = 'found "absence" without "events", expected both "events" and "within"'
      return reader.fault('RULE_WRONG_TYPE', message, path)
    }
    const events = this.#terms(value.events, `${path}.events`)
    if (events === null || events.length > 0) return events
    return reader.fault('RULE_EMPTY', 'found an absence of no events, expected at least one', `${path}.events`)
  }

  #lifecycle(head: 'stopped' | 'resumed' | 'new'): Draft<RuleNode> | null {
    const event = this.#loneTerm(this.#value[head], head, false)
    if (head === 'new') {
      const window = this.#window('window', head)
      return event === null || window === null ? null : (filters) => make.newly(event(filters), window)
    }
    const earlier = this.#window('earlier', head)
    const gap = head === 'resumed' ? this.#window('gap', head) : undefined
    const later = this.#window('later', head)
    if (event === null || earlier === null || gap === null || later === null) return null
    return (filters) =>
      gap === undefined
        ? make.stopped(event(filters), earlier, later)
        : make.resumed(event(filters), earlier, gap, later)
  }

  #regular(): Draft<RuleNode> | null {
    const reader = this.#reader
    const event = this.#loneTerm(this.#value.regular, 'regular', false)
    const times = this.#count('times', 'RULE_BAD_COUNT')
    const periods = this.#count('periods', 'RULE_BAD_COUNT')
    const of = this.#count('of', 'RULE_BAD_WINDOW')
    const unit = readUnit(reader, this.#value, this.#path, 'regular')
    const weekStart = readWeekStart(reader, this.#value, this.#path, unit)
    if (event === null || times === null || periods === null || of === null) return null
    if (unit === null || weekStart === null) return null
    return (filters) => make.regular(event(filters), times, periods, of, unit, weekStart)
  }

  #count(key: string, code: 'RULE_BAD_COUNT' | 'RULE_BAD_WINDOW'): Slot<number> | null {
    if (!this.#has(key)) return this.#missing('regular', key)
    return this.#reader.whole(this.#value[key], `${this.#path}.${key}`, 1, code)
  }

  #window(key: string, head: EventHeadKey): Window | null {
    if (!this.#has(key)) return this.#missing(head, key)
    return readWindow(this.#reader, this.#value[key], `${this.#path}.${key}`)
  }

  #optionalWindow(): Window | undefined | null {
    return this.#has('window') ? readWindow(this.#reader, this.#value.window, `${this.#path}.window`) : undefined
  }

  #missing(head: string, key: string): null {
    return this.#reader.fault('RULE_WRONG_TYPE', `found "${head}" without "${key}", expected both`, this.#path)
  }

  #has(key: string): boolean {
    return Object.hasOwn(this.#value, key)
  }
}

/** The two constants of `between`. */
export function readEnds(
  reader: PartReader,
  value: unknown,
  path: string,
): readonly [from: Slot<string | number>, to: Slot<string | number>] | null {
  if (!Array.isArray(value) || value.length !== 2) {
    return reader.fault('RULE_WRONG_TYPE', `found ${show(value)}, expected an array of two, such as [1, 5]`, path)
  }
  const from = reader.constant(value[0], `${path}[0]`)
  const to = reader.constant(value[1], `${path}[1]`)
  return from === null || to === null ? null : [from, to]
}
