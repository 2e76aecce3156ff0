/**
 * Spans of OpenTelemetry from crowdbit's diagnostics channels: questions, checkpoints, recovery, and writes that were refused.
 *
 * crowdbit doesn't depend on OpenTelemetry. `npm install @opentelemetry/api` and set up an SDK, and the spans go where those of the
 * service go; without, as here, a stand-in of the few calls that are used prints them.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CheckpointMessage,
  category,
  event,
  flag,
  openEngine,
  type QueryTrace,
  type RecoveryMessage,
  type RejectedWriteMessage,
} from 'crowdbit'

// ─── What is used of OpenTelemetry ────────────────────────────────────────────────────────────────────────────────────

type Attributes = Record<string, string | number>

interface Span {
  setAttributes(attributes: Attributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

interface Tracer {
  startSpan(name: string, options?: { attributes?: Attributes }): Span
}

/** `SpanStatusCode.ERROR` */
const failed = 2

/** Prints each span when it ends. */
const printingTracer: Tracer = {
  startSpan(name, { attributes = {} } = {}) {
    const all = { ...attributes }
    let status = ''
    return {
      setAttributes: (more) => Object.assign(all, more),
      setStatus: ({ message = '' }) => {
        status = `: failed, ${message}`
      },
      end() {
        const shown = Object.entries(all).map(([key, value]) => `${key}=${key.includes('bytes') ? '…' : short(value)}`)
        console.log(['  span', name, ...shown].join(' ') + status)
      },
    }
  },
}

function short(value: string | number): string {
  return typeof value === 'string' && value.length === 64 ? `${value.slice(0, 8)}…` : String(value)
}

/** The tracer of OpenTelemetry's API, where it is installed. */
async function findTracer(): Promise<Tracer> {
  // A name that the compiler doesn't look for.
  const api = '@opentelemetry/api'
  try {
    const { trace } = (await import(api)) as { trace: { getTracer(name: string): Tracer } }
    return trace.getTracer('crowdbit')
  } catch {
    console.log('@opentelemetry/api is not installed: spans are printed by a stand-in\n')
    return printingTracer
  }
}

// ─── From channels to spans ───────────────────────────────────────────────────────────────────────────────────────────

/** Turns the messages of crowdbit into spans from now on. Gives what ends it. */
function traceCrowdbit(tracer: Tracer): () => void {
  const questions = new WeakMap<object, Span>()
  const runs = new Map<string, Span>()
  const listeners: [channel: string, listener: (message: unknown) => void][] = []
  const on = <Message>(channel: string, listener: (message: Message) => void): void => {
    listeners.push([channel, listener as (message: unknown) => void])
  }

  // One object goes through start, error and end.
  on<QueryTrace>('tracing:crowdbit:query:start', (query) => {
    questions.set(query, tracer.startSpan(`crowdbit ${query.kind}`))
  })
  on<QueryTrace>('tracing:crowdbit:query:end', (query) => {
    const span = questions.get(query)
    const { hash, people, code } = query
    if (hash !== null) span?.setAttributes({ 'crowdbit.rule': hash })
    if (people !== null) span?.setAttributes({ 'crowdbit.people': people })
    if (code !== null) span?.setStatus({ code: failed, message: code })
    span?.end()
  })

  // Messages of one run have its number.
  const run = (name: string, message: CheckpointMessage | RecoveryMessage): void => {
    const key = `${name} ${message.run}`
    if (message.phase === 'start') {
      runs.set(key, tracer.startSpan(name))
      return
    }
    const span = runs.get(key)
    runs.delete(key)
    if (message.phase === 'error') span?.setStatus({ code: failed, message: message.code })
    else {
      const { phase: _, run: __, milliseconds: ___, ...facts } = message
      span?.setAttributes(Object.fromEntries(Object.entries(facts).map(([fact, value]) => [`crowdbit.${fact}`, value])))
    }
    span?.end()
  }
  on<CheckpointMessage>('crowdbit:checkpoint', (message) => run('crowdbit checkpoint', message))
  on<RecoveryMessage>('crowdbit:recovery', (message) => run('crowdbit recovery', message))

  on<RejectedWriteMessage>('crowdbit:rejected-write', ({ kind, code }) => {
    const span = tracer.startSpan(`crowdbit ${kind}`)
    span.setStatus({ code: failed, message: code })
    span.end()
  })

  for (const [channel, listener] of listeners) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener)
  }
}

// ─── A service that is traced ─────────────────────────────────────────────────────────────────────────────────────────

const folder = mkdtempSync(join(tmpdir(), 'crowdbit-telemetry-'))
const stop = traceCrowdbit(await findTracer())

console.log('open')
const tiers = ['T1', 'T2', 'T3'] as const
const schema = { vip: flag(), cityTier: category({ values: tiers }), browse: event() }
const crowd = await openEngine({ dir: join(folder, 'data'), schema })
for (let i = 0; i < 1_000; i++) crowd.put(`u${i}`, { vip: i % 4 === 0, cityTier: tiers[i % 3]! })

console.log('ask')
const rule = crowd.prepare('vip and cityTier in ("T1", "T2")')
rule.count()
crowd.select('vip minus did browse')
crowd.insight.cube('vip', { by: ['cityTier'] })
attempt(() => crowd.count('vpi'))

console.log('write')
attempt(() => crowd.put('u1', { cityTier: 'T9' as 'T1' }))
attempt(() => crowd.track('u1', 'browse', { at: 'yesterday' }))

console.log('close')
await crowd.close()
attempt(() => crowd.put('u1', { vip: true }))

console.log('not traced any more')
stop()
crowd.count('vip')
rmSync(folder, { recursive: true })

function attempt(work: () => unknown): void {
  try {
    work()
  } catch {
    // The span tells of it.
  }
}
