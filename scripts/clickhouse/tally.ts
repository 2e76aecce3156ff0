/** What was compared, and where ClickHouse differed. */
export class Tally {
  readonly name: string
  #questions = 0
  #answers = 0
  #telling = 0
  readonly #differences = new Map<string, { questions: number; people: number; example: string }>()

  constructor(name: string) {
    this.name = name
  }

  /** One more question was asked. */
  ask(): void {
    this.#questions++
  }

  /** One more answer was compared: so many people of so many. */
  answer(people: number, everyone: number): void {
    this.#answers++
    if (people > 0 && people < everyone) this.#telling++
  }

  /** ClickHouse differs by so many people, for a reason that we know, and by which we are right. */
  differ(reason: string, people: number, example: () => string): void {
    const known = this.#differences.get(reason)
    if (known === undefined) this.#differences.set(reason, { questions: 1, people, example: example() })
    else {
      known.questions++
      known.people += people
    }
  }

  toString(): string {
    const lines = [
      `${this.name}: ${this.#questions} questions, ${this.#answers} answers, ${this.#telling} of them neither nobody nor everyone`,
    ]
    for (const [reason, { questions, people, example }] of this.#differences) {
      lines.push(`  ${questions} answers differ by ${people} people: ${reason}`)
      lines.push(...example.split('\n').map((line) => `    ${line}`))
    }
    if (this.#differences.size === 0) lines.push('  all equal')
    return lines.join('\n')
  }
}
