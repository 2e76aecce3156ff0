/** Bought in the last promotion, often or for much, and not so recently that it would disturb. */
export const promotionRfm = {
  name: 'promotion RFM',
  title: {
    en: 'Promotion: recency with frequency or money',
    zh: '大促 RFM 圈选',
  },
  description: {
    en: 'Bought in the last promotion, often or for much, and not so recently that it would disturb.',
    zh: '上次大促期间购买次数多或金额高，且最近没有再购买的人。',
  },
  parameters: {
    start: {
      type: 'moment',
      title: {
        en: 'First day of the promotion',
        zh: '大促开始',
      },
    },
    end: {
      type: 'moment',
      title: {
        en: 'The day after its last',
        zh: '大促结束（不含）',
      },
    },
    times: {
      type: 'integer',
      title: {
        en: 'Least purchases in it',
        zh: '大促期间最少购买次数',
      },
      default: 2,
      min: 1,
    },
    money: {
      type: 'number',
      title: {
        en: 'Or least amount in it',
        zh: '或大促期间最低金额',
      },
      default: 500,
    },
    quiet: {
      type: 'integer',
      title: {
        en: 'Days without a purchase',
        zh: '最近未购买天数',
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
    amount: {
      type: 'property',
      title: {
        en: 'The amount of the event',
        zh: '金额属性',
      },
      default: 'amount',
    },
  },
  rule: '(did $purchase at least $times times from $start to $end or sum $amount of $purchase from $start to $end >= $money) minus did $purchase in last $quiet days including today',
  example: {
    start: '2026-06-01',
    end: '2026-06-21',
  },
} as const
