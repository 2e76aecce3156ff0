import { bytes, heading, say, whole } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'

export function sizes(crowd: ShopEngine): void {
  heading('13  What a million people take')
  const { people, idBytes, columns, events } = crowd.stats()
  const tagBytes = columns.reduce((sum, column) => sum + column.bytes, 0)
  const eventBytes = events.reduce((sum, kind) => sum + kind.bytes, 0)
  const count = events.reduce((sum, kind) => sum + kind.events, 0)
  const perPerson = (size: number): string => `${(size / people).toFixed(1)} bytes a person`
  const line = (name: string, size: number, text: string): void => {
    say(`${name.padEnd(8)}  ${bytes(size).padStart(8)}   ${text}`)
  }
  line('ids', idBytes, `${perPerson(idBytes)}, both ways between ids and numbers`)
  line('tags', tagBytes, `${perPerson(tagBytes)}, for ${columns.length} columns`)
  line('events', eventBytes, `${(eventBytes / count).toFixed(1)} bytes an event, ${whole(count)} of them`)
  line('together', idBytes + tagBytes + eventBytes, perPerson(idBytes + tagBytes + eventBytes))
}
