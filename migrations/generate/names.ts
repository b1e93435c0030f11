import type { Random } from './random.ts';

const syllables = [
  ...['星 Xing', '澜 Lan', '云 Yun', '海 Hai', '山 Shan', '墨 Mo', '光 Guang', '影 Ying', '文 Wen', '华 Hua'],
  ...['艺 Yi', '创 Chuang', '知 Zhi', '音 Yin', '锦 Jin', '书 Shu', '远 Yuan', '新 Xin', '瑞 Rui', '和 He'],
  ...[
    '博 Bo',
    '鼎 Ding',
    '嘉 Jia',
    '明 Ming',
    '天 Tian',
    '元 Yuan',
    '众 Zhong',
    '优 You',
    '汇 Hui',
    '蓝 Lan',
  ],
  ...['青 Qing', '乐 Le', '方 Fang', '朗 Lang', '奇 Qi', '千 Qian', '一 Yi', '韵 Yun', '卓 Zhuo', '橙 Cheng'],
].map((pair) => {
  const [zh = '', en = ''] = pair.split(' ');
  return { zh, en };
}) as [Syllable, ...Syllable[]];

interface Syllable {
  readonly zh: string;
  readonly en: string;
}

export interface Name {
  readonly zh: string;
  readonly en: string;
}

/** Returns a proper name of two or three syllables, for firms, parks and events. */
export function properName(random: Random): Name {
  const parts = Array.from({ length: random.between(2, 3) }, () => random.pick(syllables));
  const en = parts.map((part, i) => (i === 0 ? part.en : part.en.toLowerCase())).join('');
  return { zh: parts.map((part) => part.zh).join(''), en };
}
