import { describe, expect, it } from 'vitest';
import { folderWith, shown } from './stack-folder.ts';

const stackText = (...options: readonly string[]): string => `services: {web: {image: i, security_opt: ${JSON.stringify(options)}}}`;

const read = async (options: readonly string[], files: Record<string, string> = {}) => {
  const result = await folderWith({ 'compose.yaml': stackText(...options), ...files }).read();
  if (!result.ok) throw new Error(result.error.map(shown).join('\n'));
  const { seccomp, security_opt } = result.value.desired.services['web']!.settings;
  return { seccomp, security_opt, missing: result.value.missing.map(shown), model: result.value.model };
};

describe('a seccomp profile', () => {
  it.each(['seccomp=web.json', 'seccomp:./web.json'])('is read, and sent without white space: %s', async (option) => {
    const text = '{ "defaultAction" : "A B",\n\t"args": [ 18446744073709551615, "say \\" hi" ] }\n';
    const { seccomp, security_opt, model, missing } = await read([option, 'label=disable'], { 'web.json': text });
    expect(seccomp).toBe('{"defaultAction":"A B","args":[18446744073709551615,"say \\" hi"]}');
    expect(security_opt).toEqual(['label=disable']);
    expect(missing).toEqual([]);
    // As the reference prints it
    expect(model['services']).toMatchObject({ web: { security_opt: [option, 'label=disable'] } });
  });

  it.each(['unconfined', 'builtin'])('is the engine’s own when it is called %s', async (name) => {
    expect(await read([`seccomp=${name}`])).toMatchObject({ seccomp: undefined, security_opt: [`seccomp=${name}`], missing: [] });
  });

  it.each([
    [{}, '1:43 seccomp-file-missing: the seccomp profile web.json does not exist'],
    [
      { 'web.json': 'defaultAction' },
      '1:43 bad-seccomp-profile: the seccomp profile web.json is not a JSON object (a profile begins with { "defaultAction": … })',
    ],
    [
      { 'web.json': '[]' },
      '1:43 bad-seccomp-profile: the seccomp profile web.json is not a JSON object (a profile begins with { "defaultAction": … })',
    ],
  ])('that is missing or none is told at its place: %j', async (files, problem) => {
    const { missing, model } = await read(['seccomp=web.json'], files);
    expect(missing).toEqual([problem]);
    expect(model['services']).toMatchObject({ web: { security_opt: ['seccomp=web.json'] } });
  });
});
