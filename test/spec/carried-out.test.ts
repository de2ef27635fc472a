import { expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

const inWeb = (yaml: string) => `services:\n  web:\n    image: i\n    ${yaml}\n`;

it.each([
  [
    'a provider',
    inWeb('provider: {type: aws}'),
    [/^4:5 key-not-supported: "provider" is not for an engine: [^]*run that program yourself/],
  ],
  [
    'models',
    `${inWeb('models: [llm]')}models: {llm: {model: ai/smollm2}}\n`,
    [
      /^4:5 key-not-supported: "models" is not for an engine: [^]*declare a service whose image serves the model/,
      /^5:1 key-not-supported: "models" is not for an engine/,
    ],
  ],
])('refuses %s with the reason, and what to do instead', async (_name, yaml, problems) => {
  expect(await problemsOf(yaml)).toEqual(problems.map((each) => expect.stringMatching(each) as unknown));
});
