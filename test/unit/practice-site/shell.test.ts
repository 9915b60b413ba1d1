import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testMachine, type TestMachine } from './machine';

let unit: TestMachine;
beforeAll(async () => {
  unit = await testMachine();
});
afterAll(() => unit.dispose());

const out = async (line: string): Promise<string> => (await unit.run(line)).out;

describe('the shell of a practice appliance', () => {
  it.each([
    [`echo 'a  b' "c d" e\\ f`, 'a  b c d e f\n'],
    [`printf '%s\\n' '== one' two`, '== one\ntwo\n'],
    [`false; echo "rc=$?"`, 'rc=1\n'],
    [`true && echo yes || echo no`, 'yes\n'],
    [`false && echo yes || echo no`, 'no\n'],
    [`cat /nope 2>/dev/null; echo $?`, '1\n'],
    [`{ echo a; echo b; } | wc -l`, '2\n'],
    [`(cat /nope) 2>&1 | head -n 1`, 'cat: /nope: No such file or directory\n'],
    [`if [ -f /etc/hostname ]; then cat /etc/hostname; else echo none; fi`, 'lb-practice-1\n'],
    [`for f in /etc/rc.d/auto_fwmarks/fwmark-*; do echo "$f"; done`, '/etc/rc.d/auto_fwmarks/fwmark-1\n'],
    [`X=5; echo "\${X}$(echo 6)" '$X'`, '56 $X\n'],
    [`sudo -n hostname`, 'lb-practice-1\n'],
    [`sh -c 'echo "inner $0"'`, 'inner \n'],
    [`echo text > /tmp/a; mv /tmp/a /tmp/b && cat /tmp/b; rm -f /tmp/b /tmp/none; ls /tmp`, 'text\n'],
    [
      `echo abc > /tmp/d; md5sum /tmp/d; stat -c '%s' /tmp/d; rm /tmp/d`,
      '0bee89b07a248e27c83fc3d5951213c1  /tmp/d\n4\n',
    ],
    [`cl_status nodestatus lb-practice-2; echo $?; cl_status nodestatus other 2>/dev/null; echo $?`, 'active\n0\n11\n'],
  ])('%s', async (line, expected) => {
    expect(await out(line)).toBe(expected);
  });

  it('says command not found with status 127', async () => {
    expect(await unit.run('nosuch -x')).toEqual({ status: 127, out: '', err: 'bash: nosuch: command not found\n' });
  });

  it('refuses a quote that is not closed with status 2', async () => {
    expect((await unit.run(`echo 'a`)).status).toBe(2);
  });
});
