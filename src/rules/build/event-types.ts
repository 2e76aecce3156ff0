import type { EventSpec, NumberSpec, PropertiesSpec, SchemaSpec } from '../../schema/column-spec.ts'
import type { EventNames } from '../../schema/row.ts'
import type { EventFilter } from './event-filter.ts'

/** The names of the events of a schema; any text where the compiler doesn't know the schema. */
export type EventName<S extends SchemaSpec> = string extends keyof S ? string : EventNames<S>

/** The properties of an event. Of several events, what `keyof` finds are the names that all of them have. */
export type PropertiesOf<S extends SchemaSpec, Name> = Extract<S[Name & keyof S], EventSpec>['properties']

/** The names of properties. */
export type PropertyName<P extends PropertiesSpec> = Extract<keyof P, string>

/** The names of properties that are numbers. */
export type NumberName<P extends PropertiesSpec> = {
  [Name in PropertyName<P>]: P[Name] extends NumberSpec ? Name : string extends Name ? Name : never
}[PropertyName<P>]

/** Some events of one kind: all of them, by the name of the event, or those that fit a filter. */
export type SomeEvents<S extends SchemaSpec> = {
  [Name in EventName<S>]:
    | Name
    | {
        readonly event: Name
        /** Which of these events count. @default all */
        readonly where?: EventFilter<PropertiesOf<S, Name>>
      }
}[EventName<S>]

/** What a sum adds up, or takes away with `minus: true`: a number property of some events of one kind. */
export type Addend<S extends SchemaSpec> = {
  [Name in SummableEvent<S>]: {
    readonly event: Name
    readonly property: NumberName<PropertiesOf<S, Name>>
    /** Which of these events count. @default all */
    readonly where?: EventFilter<PropertiesOf<S, Name>>
    /** Whether these are taken away: "net of refunds". @default false */
    readonly minus?: boolean
  }
}[SummableEvent<S>]

/** The names of events that have a number. */
type SummableEvent<S extends SchemaSpec> = {
  [Name in EventName<S>]: [NumberName<PropertiesOf<S, Name>>] extends [never] ? never : Name
}[EventName<S>]

/** The names of the events in a list of them. */
export type EventsIn<Events> = Events extends string
  ? Events
  : Events extends readonly (infer One)[]
    ? EventsIn<One>
    : Events extends { readonly event: infer Name }
      ? Name
      : never
