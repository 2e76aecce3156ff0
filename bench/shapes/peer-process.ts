/** A peer in a process of its own: opens the crowd that it is told, then answers one question at a time. */
import type { ShapesCrowd } from './crowd.ts'
import { peers } from './peers.ts'
import type { Peer } from './questions.ts'

/** What a peer is asked for. */
export type PeerRequest =
  | { readonly do: 'open'; readonly name: string; readonly crowd: ShapesCrowd }
  | {
      readonly do: 'ask'
      readonly key: string
      readonly as: 'count' | 'set'
      readonly turn: number
      /** At least so long it is asked again and again, and at least once. 0 for what may be asked once a turn. */
      readonly milliseconds: number
    }

/** What it says. */
export type PeerReply =
  | {
      readonly opened: Readonly<Record<string, readonly ('count' | 'set')[]>>
      readonly memory: number
      readonly bytes: Readonly<Record<string, number>>
    }
  | { readonly answer: number; readonly ms: number }
  | { readonly error: string }

let peer: Peer | null = null

/** Runs every question on few people, until the JavaScript is compiled as in a service that has run for a second. */
async function warmUp(name: string, crowd: ShapesCrowd): Promise<void> {
  const small = await peers[name]!.open({ ...crowd, people: 300_000 })
  for (const ways of Object.values(small.ways)) {
    for (const way of [ways.count, ways.set]) {
      if (way === undefined) continue
      const start = performance.now()
      for (let turn = 0; turn < 400 && performance.now() < start + 700; turn++) await way(turn)
    }
  }
  small.close?.()
}

async function reply(request: PeerRequest): Promise<PeerReply> {
  if (request.do === 'open') {
    if (peers[request.name]!.warmsUp) await warmUp(request.name, request.crowd)
    peer = await peers[request.name]!.open(request.crowd)
    ;(globalThis as { gc?: () => void }).gc?.()
    const opened = Object.fromEntries(
      Object.entries(peer.ways).map(([key, ways]) => [
        key,
        (['count', 'set'] as const).filter((as) => ways[as] !== undefined),
      ]),
    )
    return { opened, memory: process.memoryUsage.rss(), bytes: peer.bytes ?? {} }
  }
  const way = peer!.ways[request.key]![request.as]!
  let answer = 0
  let times = 0
  const start = performance.now()
  let ms = 0
  do {
    answer = await way(request.turn)
    times++
    ms = performance.now() - start
  } while (ms < request.milliseconds)
  return { answer, ms: ms / times }
}

process.on('message', (request: PeerRequest) => {
  reply(request).then(
    (answer) => process.send!(answer),
    (error: unknown) =>
      process.send!({
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      } satisfies PeerReply),
  )
})
// The bench has ended, or failed.
process.on('disconnect', () => {
  peer?.close?.()
  process.exit()
})
