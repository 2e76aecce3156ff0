/** A value as an error message shows it: short, quoted where it is text, never throwing, never huge. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > maxShown
        ? `${JSON.stringify(value.slice(0, maxShown))}… (${value.length} characters)`
        : JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `an array of ${value.length}`
      return `an object with the keys ${
        Object.keys(value)
          .slice(0, 5)
          .map((key) => JSON.stringify(key.slice(0, maxShown)))
          .join(', ') || '(none)'
      }`
    default:
      return String(value)
  }
}

const maxShown = 80
