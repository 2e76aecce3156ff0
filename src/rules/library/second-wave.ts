/** Reached by the first wave, and has not responded by buying since. */
export const secondWave = {
  name: 'second wave',
  title: {
    en: 'Second wave',
    zh: '二次触达排重',
  },
  description: {
    en: 'Reached by the first wave, and has not responded by buying since.',
    zh: '首轮已触达、触达后仍未购买的人。',
  },
  parameters: {
    reach: {
      type: 'event',
      title: {
        en: 'The event of being reached',
        zh: '触达事件',
      },
      default: 'reached',
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days to look back',
        zh: '回溯天数',
      },
      default: 7,
      min: 1,
    },
    purchase: {
      type: 'event',
      title: {
        en: 'The event of buying',
        zh: '购买事件',
      },
      default: 'purchase',
    },
  },
  rule: 'did $reach in last $days days including today and not (did $reach then did $purchase in last $days days including today)',
  example: {
    days: 3,
  },
} as const
