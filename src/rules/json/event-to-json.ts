import type { BehaviourNode, EventNode, EventTerm, RuleNode, SequenceNode, Window } from '../ast.ts'
import { standsAlone } from '../rule-path.ts'
import { durationToJson, slot, windowToJson } from './window-to-json.ts'

/** Has the JSON of a rule about one event put at `holder[key]` later. */
export type Later = (rule: RuleNode, holder: object, key: string) => void

type Json = Record<string, unknown>

/** A rule about events as JSON, without what is so by default; the filters in it come by `later`. */
export function eventToJson(node: EventNode, later: Later): object {
  switch (node.kind) {
    case 'behaviour':
      return behaviour(node, later)
    case 'first':
    case 'last': {
      const json = lone(node, node.event, later)
      if (node.test !== null) put(json, 'test', node.test, later)
      return withWindow(json, node.window)
    }
    case 'sequence':
      return sequence(node, later)
    case 'stopped':
      return Object.assign(lone(node, node.event, later), {
        earlier: windowToJson(node.earlier),
        later: windowToJson(node.later),
      })
    case 'resumed':
      return Object.assign(lone(node, node.event, later), {
        earlier: windowToJson(node.earlier),
        gap: windowToJson(node.gap),
        later: windowToJson(node.later),
      })
    case 'new':
      return Object.assign(lone(node, node.event, later), { window: windowToJson(node.window) })
    case 'regular':
      return Object.assign(lone(node, node.event, later), {
        times: slot(node.times),
        periods: slot(node.periods),
        of: slot(node.of),
        unit: node.unit,
        ...(node.weekStart === 'monday' ? {} : { weekStart: node.weekStart }),
      })
  }
}

function behaviour(node: BehaviourNode, later: Later): Json {
  const [only] = node.events
  const json =
    only !== undefined && node.events.length === 1
      ? lone(node, only, later)
      : { did: node.events.map((event) => term(event, later)) }
  if (node.measure !== 'count') json.measure = node.measure
  withWindow(json, node.window)
  const { test } = node
  if (test.op === 'between') json.between = [slot(test.from), slot(test.to)]
  else if (!(node.measure === 'count' && test.op === 'gte' && test.value === 1)) json[test.op] = slot(test.value)
  return json
}

function sequence(node: SequenceNode, later: Later): Json {
  const json: Json = {
    sequence: node.steps.map((step) => {
      const event = term(step.event, later)
      if (step.within !== null) event.within = durationToJson(step.within)
      if (step.without.length > 0) event.without = step.without.map((other) => term(other, later))
      return event
    }),
  }
  if (node.absence !== null) {
    json.absence = {
      events: node.absence.events.map((event) => term(event, later)),
      within: durationToJson(node.absence.within),
    }
  }
  if (node.same !== null) json.same = slot(node.same)
  if (node.allowSameTime) json.allowSameTime = true
  return withWindow(json, node.window)
}

/** The only event of a node: as its name, with what it has beside it, where that is possible. */
function lone(node: EventNode, event: EventTerm, later: Later): Json {
  const head = node.kind === 'behaviour' ? 'did' : node.kind
  if (!standsAlone(node.kind, event)) return { [head]: term(event, later) }
  return withFilter({ [head]: slot(event.event) }, event, later)
}

function term(event: EventTerm, later: Later): Json {
  const json = withFilter({ event: slot(event.event) }, event, later)
  if (event.sign === -1) json.minus = true
  return json
}

function withFilter(json: Json, event: EventTerm, later: Later): Json {
  if (event.where !== null) put(json, 'where', event.where, later)
  if (event.property !== null) json.property = slot(event.property)
  return json
}

function withWindow(json: Json, window: Window): Json {
  if (window.kind !== 'ever') json.window = windowToJson(window)
  return json
}

function put(json: Json, key: string, rule: RuleNode, later: Later): void {
  // The key is there at once, so that keys have the order in which they are put.
  json[key] = undefined
  later(rule, json, key)
}
