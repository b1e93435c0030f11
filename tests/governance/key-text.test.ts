import { makeKey, readKey } from '@wenshu/gateway/control/key-text.ts';
import { expect, it } from 'vitest';

it('makes keys that can be read again, each another', () => {
  for (const environment of ['live', 'test'] as const) {
    const key = makeKey(environment);
    expect(key.text).toMatch(new RegExp(`^wsk_${environment}_${key.id}_[0-9A-Za-z]{38}$`));
    expect(readKey(key.text)).toEqual(key);
    expect(makeKey(environment).text).not.toBe(key.text);
  }
});

it('knows a mistyped key by its checksum, wherever the mistake is', () => {
  const { text } = makeKey('live');
  for (let i = 0; i < text.length; i++) {
    const wrong = text.slice(0, i) + (text[i] === 'x' ? 'y' : 'x') + text.slice(i + 1);
    expect(readKey(wrong), wrong).toBeUndefined();
  }
  expect(readKey(text.slice(0, -1))).toBeUndefined();
  expect(readKey(text.replace('wsk_live', 'wsk_test'))).toBeUndefined();
});
