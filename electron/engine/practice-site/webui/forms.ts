import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { configTree, restartService, toXml, type Machine } from '../appliance-server/index';
import { changeAppliance } from '../world/index';
import { readBody } from './http-tools';
import { commitChanges, escapeHtml, failure, information, page } from './pages';
import { sendPage } from './update-page';
import { receiveForm } from './upload';

/** Fields of a posted form, whichever encoding it came in. Uploaded files are read as text: keys and licences. */
async function posted(request: IncomingMessage, machine: Machine): Promise<ReadonlyMap<string, string>> {
  if (request.method !== 'POST') return new Map();
  if (!/^multipart\//i.test(request.headers['content-type'] ?? '')) {
    return new Map(new URLSearchParams(await readBody(request)));
  }
  const form = await receiveForm(request, machine, machine.signal);
  const fields = new Map(form.fields);
  for (const file of form.files) fields.set(file.field, await readFile(file.path, 'utf8'));
  await form.remove();
  return fields;
}

export type FormHandler = (
  machine: Machine,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => Promise<void>;

/** A full backup: an archive with the configuration [V]. What a real one holds besides is not known. */
export const backup: FormHandler = async (machine, request, response) => {
  const fields = await posted(request, machine);
  const title = 'Backup & Restore';
  if (fields.get('action') !== 'backup_full') {
    const form =
      '<form action="/lbadmin/config/backup.php" method="post"><input type="hidden" name="action" value="backup_full">' +
      '<label>Passphrase <input type="password" name="passphrase"></label>' +
      '<label>Confirm <input type="password" name="confirm_passphrase"></label>' +
      '<input type="submit" name="go" value="Backup"></form>';
    return sendPage(response, page(machine, title, form));
  }
  if ((fields.get('passphrase') ?? '') !== (fields.get('confirm_passphrase') ?? '')) {
    return sendPage(response, page(machine, title, failure('The passphrases differ.')));
  }
  sendArchive(response, `backup_${machine.unitName}.tar.gz`, [['lb_config.xml', toXml(configTree(machine))]]);
};

export const restart: FormHandler = async (machine, request, response) => {
  const service = (await posted(request, machine)).get('restart');
  const title = 'Restart Services';
  if (service === undefined) return sendPage(response, page(machine, title, commitChanges(machine)));
  if (service === 'appliance') machine.restart();
  else restartService(machine, service, 'restart');
  sendPage(
    response,
    page(machine, title, information(`Restart of ${escapeHtml(service)} completed.`) + commitChanges(machine)),
  );
};

export const power: FormHandler = async (machine, request, response) => {
  const wanted = (await posted(request, machine)).get('action') === 'restart';
  if (wanted) machine.restart();
  sendPage(response, page(machine, 'Power', wanted ? information('The appliance restarts.') : ''));
};

/** Takes a public key for root, as `security.php?action=upload_pub_user` does [V]. */
export const security: FormHandler = async (machine, request, response, query) => {
  const fields = await posted(request, machine);
  const key = fields.get('public_key')?.trim();
  const title = 'Security';
  if (query.get('action') !== 'upload_pub_user' || request.method !== 'POST') {
    return sendPage(response, page(machine, title, ''));
  }
  if (key === undefined || !/^(ssh-|ecdsa-)\S+ \S+/.test(key)) {
    return sendPage(response, page(machine, title, failure('This is not a public key.')));
  }
  const { authorizedKeys } = machine.world.appliance(machine.unitName);
  machine.world.apply((state) =>
    changeAppliance(state, machine.unitName, { authorizedKeys: [...authorizedKeys, key] }),
  );
  sendPage(response, page(machine, title, information('The public key was uploaded.')));
};

export const licence: FormHandler = async (machine, request, response) => {
  const uploaded = (await posted(request, machine)).get('value');
  const text = uploaded === undefined ? '' : information('The license key was applied.');
  const unit = machine.world.appliance(machine.unitName);
  sendPage(
    response,
    page(
      machine,
      'License Key',
      `${text}<table><tr><td>License</td><td class="licence">${escapeHtml(unit.licence)}</td></tr></table>`,
    ),
  );
};

/** Where a real unit offers this is not known [U]. */
export const support: FormHandler = async (machine, request, response) => {
  if (request.method === 'POST') {
    await posted(request, machine);
    return sendArchive(response, `support_${machine.unitName}.tar.gz`, [
      ['lb_config.xml', toXml(configTree(machine)).replace(/<(password|secret)>[^<]*</g, '<$1><')],
      ['version.txt', `${machine.world.appliance(machine.unitName).version}\n`],
    ]);
  }
  const form =
    '<form action="/lbadmin/config/support.php?mnp=support&amp;submnp=std" method="post">' +
    '<input type="hidden" name="action" value="generate"><input type="submit" name="go" value="Generate Archive"></form>';
  sendPage(response, page(machine, 'Technical Support Download', form));
};

function sendArchive(response: ServerResponse, name: string, entries: readonly (readonly [string, string])[]): void {
  response.writeHead(200, {
    'content-type': 'application/x-gzip',
    'content-disposition': `attachment; filename="${name}"`,
  });
  const tar = pack();
  for (const [path, text] of entries) tar.entry({ name: path }, text);
  tar.finalize();
  tar.pipe(createGzip()).pipe(response);
}
