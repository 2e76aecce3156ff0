/** Names and format versions of an engine's sections; docs/format.md has their bytes. */

export const idSectionName = 'ids'
export const idSectionVersion = 2
/** Of the ranges of ids, and the parts of their table. */
export const idPieceSectionVersion = 1
export const linkSectionName = 'links'
export const peopleSectionName = 'people'
export const peopleSectionVersion = 1
export const audienceSectionVersion = 1

/** The section of a range of ids, by its place. */
export function idRangeSectionName(place: number): string {
  return `ids-${place}`
}

/** The section of a part of the table of ids, of 2^bits. */
export function tablePartSectionName(bits: number, part: number): string {
  return `ids-table-${bits}-${part}`
}

/** The section of a column, by its position in the schema. */
export function columnSectionName(position: number): string {
  return `column-${position}`
}

/** The section of when the values of a column were written, by its position in the schema. */
export function orderSectionName(position: number): string {
  return `column-${position}-order`
}

/** The section of a workspace's audiences, by its position in the description. */
export function audienceSectionName(position: number): string {
  return `audiences-${position}`
}

/** The section of what a kind of event knows beside its days, by its position in the schema. */
export function eventSectionName(position: number): string {
  return `events-${position}`
}

/** The section of a dictionary of event ids, by its place in the section above. */
export function eventIdSectionName(position: number, place: number): string {
  return `events-${position}-ids-${place}`
}

/** The section of a day of events, by its place in the section above. */
export function eventDaySectionName(position: number, place: number): string {
  return `events-${position}-day-${place}`
}
