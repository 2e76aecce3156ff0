import type { ColumnSpec } from '../../src/index.ts'
import { type EventTerm, makeNode as make, type NumberTest, type RuleNode, type Window } from '../../src/rules/index.ts'

/** Another way to say the same of numbers, times and events; nothing where it does not apply. */
export interface SameMeaning {
  readonly name: string
  /** Whether the canonical hash is the same, too. */
  readonly keepsHash?: true
  rewrite(node: RuleNode, specOf: (column: string) => ColumnSpec | undefined): RuleNode | null
}

/** Laws 9, 12, 13, 14 and 15 as equations between rules. */
export const sameMeanings: readonly SameMeaning[] = [
  {
    name: 'between as >= and <=',
    keepsHash: true,
    rewrite: (node) =>
      node.kind === 'between'
        ? make.and([make.compare('gte', node.tag, node.from), make.compare('lte', node.tag, node.to)])
        : null,
  },
  {
    name: '= as >= and <=',
    keepsHash: true,
    rewrite: (node, specOf) =>
      node.kind === 'eq' && isOrdered(specOf(String(node.tag)))
        ? make.and([make.compare('gte', node.tag, node.value), make.compare('lte', node.tag, node.value)])
        : null,
  },
  {
    name: '!= as < or >',
    rewrite: (node, specOf) =>
      node.kind === 'ne' && isOrdered(specOf(String(node.tag)))
        ? make.or([make.compare('lt', node.tag, node.value), make.compare('gt', node.tag, node.value)])
        : null,
  },
  {
    name: '< as is set and not >=',
    rewrite: (node) =>
      node.kind === 'lt'
        ? make.and([make.presence('isSet', node.tag), make.not(make.compare('gte', node.tag, node.value))])
        : null,
  },
  {
    name: 'in a list of numbers as or of =',
    keepsHash: true,
    rewrite: (node, specOf) =>
      node.kind === 'in' && 'map' in node.values && isOrdered(specOf(String(node.tag)))
        ? make.or(node.values.map((value) => make.value('eq', node.tag, value)))
        : null,
  },
  {
    name: 'a timestamp in a range as >= and <',
    keepsHash: true,
    rewrite: (node) => {
      if (node.kind !== 'within' || node.window.kind !== 'range') return null
      const { from, to } = node.window
      return make.and([
        ...(from === null ? [] : [make.compare('gte', node.tag, from)]),
        ...(to === null ? [] : [make.compare('lt', node.tag, to)]),
      ])
    },
  },
  {
    name: 'count < n as not count >= n',
    keepsHash: true,
    rewrite: (node) => {
      if (node.kind !== 'behaviour' || !isCounted(node.measure) || node.test.op !== 'lt') return null
      return make.not(make.behaviour(node.measure, node.events, node.window, { ...node.test, op: 'gte' }))
    },
  },
  {
    name: 'a measure = n as >= n and <= n',
    rewrite: (node) => {
      if (node.kind !== 'behaviour' || node.test.op !== 'eq') return null
      const { value } = node.test
      const tests: NumberTest[] = [
        { op: 'gte', value },
        { op: 'lte', value },
      ]
      return make.and(tests.map((test) => make.behaviour(node.measure, node.events, node.window, test)))
    },
  },
  {
    name: 'a measure != n as < n or > n',
    rewrite: (node) => {
      if (node.kind !== 'behaviour' || node.test.op !== 'ne') return null
      const { value } = node.test
      const tests: NumberTest[] = [
        { op: 'lt', value },
        { op: 'gt', value },
      ]
      return make.or(tests.map((test) => make.behaviour(node.measure, node.events, node.window, test)))
    },
  },
  {
    name: 'count >= 1 of several as or of each',
    rewrite: (node) =>
      node.kind === 'behaviour' && node.measure === 'count' && node.test.op === 'gte' && node.test.value === 1
        ? make.or(node.events.map((event) => make.behaviour('count', [event], node.window)))
        : null,
  },
  {
    name: 'count >= 1 as days >= 1',
    rewrite: (node) =>
      node.kind === 'behaviour' && node.measure === 'count' && node.test.op === 'gte' && node.test.value === 1
        ? make.behaviour('days', node.events, node.window)
        : null,
  },
  {
    name: 'distinct >= 1 as did with the property',
    rewrite: (node) =>
      node.kind === 'behaviour' && node.measure === 'distinct' && node.test.op === 'gte' && node.test.value === 1
        ? make.behaviour(
            'count',
            node.events.map(({ event, where, property }) => filtered(event, where, make.presence('isSet', property!))),
            node.window,
          )
        : null,
  },
  {
    name: 'max as did with the property above, min below',
    rewrite: (node) => {
      if (node.kind !== 'behaviour' || (node.measure !== 'max' && node.measure !== 'min')) return null
      const { events, window, test, measure } = node
      if (events.length > 1 || !isOneSided(test)) return null
      const { op, value } = test
      const isToward = (op === 'gt' || op === 'gte') === (measure === 'max')
      if (isToward) return didWith(events, window, (tag) => make.compare(op, tag, value))
      // The highest is at most n where there is one, and none is above n.
      const any = didWith(events, window, (tag) => make.presence('isSet', tag))
      return make.minus([any, didWith(events, window, (tag) => make.compare(opposite[op], tag, value))])
    },
  },
  {
    name: 'the first in a range as did in it minus did before',
    rewrite: (node) => {
      if (node.kind !== 'first' || node.window.kind !== 'range' || node.test !== null) return null
      const { from } = node.window
      const before = from === null ? make.nobody() : did(node.event, make.rangeWindow(null, from))
      return make.minus([did(node.event, node.window), before])
    },
  },
  {
    name: 'stopped as did and not did',
    keepsHash: true,
    rewrite: (node) =>
      node.kind === 'stopped' ? make.and([did(node.event, node.earlier), make.not(did(node.event, node.later))]) : null,
  },
  {
    name: 'resumed as did, not did, did',
    keepsHash: true,
    rewrite: (node) =>
      node.kind === 'resumed'
        ? make.and([did(node.event, node.earlier), make.not(did(node.event, node.gap)), did(node.event, node.later)])
        : null,
  },
  {
    name: 'new as the first in the window',
    keepsHash: true,
    rewrite: (node) => (node.kind === 'new' ? make.occurrence('first', node.event, null, node.window) : null),
  },
  {
    name: 'regular as at least so many windows',
    keepsHash: true,
    rewrite: (node) =>
      node.kind === 'regular'
        ? make.atLeast(
            node.periods,
            Array.from({ length: Number(node.of) }, (_, ago) =>
              make.behaviour('count', [node.event], make.lastWindow(1, node.unit, { ago, weekStart: node.weekStart }), {
                op: 'gte',
                value: node.times,
              }),
            ),
          )
        : null,
  },
  {
    name: 'last n units as a union of units',
    rewrite: (node) => {
      if (node.kind !== 'behaviour' || node.measure !== 'count' || node.window.kind !== 'last') return null
      const { count, unit, includeCurrent, ago, weekStart } = node.window
      if (includeCurrent || Number(count) > 7 || node.test.op !== 'gte' || node.test.value !== 1) return null
      return make.or(
        Array.from({ length: Number(count) }, (_, index) =>
          make.behaviour('count', node.events, make.lastWindow(1, unit, { ago: Number(ago) + index, weekStart })),
        ),
      )
    },
  },
  {
    name: 'a filter in two halves as or',
    rewrite: (node) => {
      if (node.kind !== 'behaviour' || node.measure !== 'count' || node.test.op !== 'gte' || node.test.value !== 1)
        return null
      const [term] = node.events
      if (node.events.length > 1 || !term?.where || !('tag' in term.where)) return null
      const { tag } = term.where
      const halves = (['isSet', 'isNotSet'] as const).map((kind) =>
        filtered(term.event, term.where, make.presence(kind, tag)),
      )
      return make.or(halves.map((half) => did(half, node.window)))
    },
  },
  {
    name: 'without events that no filter fits',
    rewrite: (node) => {
      if (node.kind !== 'sequence') return null
      const never = (event: EventTerm['event']): EventTerm => make.eventTerm(event, make.atLeast(1, []))
      return make.sequence(
        node.steps.map(({ event, within, without }, index) =>
          make.step(event, within, index === 0 ? [] : [...without, never(event.event)]),
        ),
        node,
      )
    },
  },
  {
    name: 'no limit as one that holds everything',
    rewrite: (node) =>
      node.kind === 'sequence' && node.steps.some(({ within }, index) => index > 0 && within === null)
        ? make.sequence(
            node.steps.map(({ event, within, without }, index) =>
              make.step(event, index === 0 ? null : (within ?? make.duration(100_000, 'weeks')), without),
            ),
            node,
          )
        : null,
  },
]

/** Whether a test is of one side only. */
function isOneSided(test: NumberTest): test is Exclude<NumberTest, { op: 'between' }> & { op: keyof typeof opposite } {
  return test.op in opposite
}

const opposite = { gt: 'lte', gte: 'lt', lt: 'gte', lte: 'gt' } as const

function did(event: EventTerm, window: Window): RuleNode {
  return make.behaviour('count', [event], window)
}

function didWith(events: readonly EventTerm[], window: Window, test: (property: string) => RuleNode): RuleNode {
  const terms = events.map(({ event, where, property }) => filtered(event, where, test(String(property))))
  return make.behaviour('count', terms, window)
}

function filtered(event: EventTerm['event'], where: RuleNode | null, test: RuleNode): EventTerm {
  return make.eventTerm(event, where === null ? test : make.and([where, test]))
}

function isCounted(measure: string): boolean {
  return measure === 'count' || measure === 'days' || measure === 'distinct'
}

function isOrdered(spec: ColumnSpec | undefined): boolean {
  return spec?.kind === 'number' || spec?.kind === 'timestamp'
}
