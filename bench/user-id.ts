import { hash } from './hash.ts'

/** The string id of a person: 12 to 20 letters and digits, 16 on average, all different. */
export function userId(person: number): string {
  const length = 12 + (hash(person, 91) % 9)
  const random = hash(person, 92).toString(36) + hash(person, 93).toString(36)
  return `u${person.toString(36).padStart(6, '0')}${random}000000`.slice(0, length)
}

/** The string ids of `count` people from `from` on. */
export function userIds(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => userId(from + i))
}
