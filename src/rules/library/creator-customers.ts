/** Bought through these creators and kinds of traffic in the last days, and never before. */
export const creatorCustomers = {
  name: 'creator customers',
  title: {
    en: 'New customers of creators',
    zh: '达人新客',
  },
  description: {
    en: 'Bought through these creators and kinds of traffic in the last days, and never before.',
    zh: '近期通过指定达人和流量体裁成交，且此前从未购买的人。',
  },
  parameters: {
    creators: {
      type: 'texts',
      title: {
        en: 'The creators',
        zh: '达人',
      },
    },
    genres: {
      type: 'texts',
      title: {
        en: 'Kinds of traffic: live, video, shop window',
        zh: '流量体裁',
      },
      default: ['live', 'video', 'window'],
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days to look back',
        zh: '回溯天数',
      },
      default: 30,
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
    creator: {
      type: 'property',
      title: {
        en: 'The creator of the event',
        zh: '达人属性',
      },
      default: 'kol',
    },
    genre: {
      type: 'property',
      title: {
        en: 'The kind of traffic of the event',
        zh: '流量体裁属性',
      },
      default: 'channel',
    },
  },
  rule: 'did $purchase($creator in $creators, $genre in $genres) in last $days days including today and new $purchase in last $days days including today',
  example: {
    creators: ['k1', 'k2'],
    genres: ['live'],
  },
} as const
