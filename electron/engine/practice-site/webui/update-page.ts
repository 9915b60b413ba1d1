import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Machine } from '../appliance-server/index';
import { install, readContents, refusal, type UpdateContents } from './installation';
import { commitChanges, escapeHtml, failure, information, page, pageFoot, pageHead } from './pages';
import { isDiskFull, matchesChecksum, receiveForm } from './upload';

const title = 'Software Update';
const base = '/lbadmin/config/update.php?mnp=maint&amp;submnp=msu';

/** `update.php`: the choice, the online summary, and the form of the offline update [G]. */
export function updatePage(machine: Machine, query: URLSearchParams): string {
  const { installing, offeredVersion } = machine.world.appliance(machine.unitName);
  if (installing) {
    const body = `<p class="progress">Installing ${installing.version}: ${installing.percent} %</p>`;
    return page(machine, title, `<p>An update is in progress. ${doNotLeave}</p>${body}`);
  }
  if (query.get('action') === 'offline') return page(machine, title, commitChanges(machine) + offlineForm());
  if (query.get('action') === 'online') {
    if (offeredVersion === null) return page(machine, title, information('No update is available for this appliance.'));
    return page(
      machine,
      title,
      `<h2>Online Update ${offeredVersion}</h2><ul><li>New features: none in practice</li><li>Improvements: none in practice</li>` +
        '<li>Bug fixes: none in practice</li><li>Security updates: none in practice</li></ul>' +
        `<form action="${base}&amp;l=e&amp;action=online" method="post"><input type="hidden" name="update" value="${offeredVersion}">` +
        '<input type="submit" name="go" value="Update"></form>',
    );
  }
  return page(
    machine,
    title,
    `${commitChanges(machine)}<a href="${base}&amp;l=e&amp;action=online">Online Update</a> ` +
      `<a href="${base}&amp;l=e&amp;action=offline">Offline Update</a>`,
  );
}

const doNotLeave = 'Do not navigate away whilst the update is ongoing, this may cause the update to fail.';

/** Wording of the steps as in the guide; the names of the fields are ours, those of a real unit are not known. */
function offlineForm(): string {
  return (
    '<h2>Offline Update</h2><p>The following steps will lead you through offline update.</p><ol>' +
    '<li>Contact Loadbalancer.org support to obtain the offline update archive and checksum.</li>' +
    '<li>Save the archive and checksum to your local machine.</li>' +
    '<li>Select the archive and checksum files in the upload form below.</li>' +
    '<li>Click Upload and Install to begin the update process.</li></ol>' +
    `<form id="offline" action="${base}&amp;l=e&amp;action=offline" method="post" enctype="multipart/form-data">` +
    '<input type="hidden" name="MAX_FILE_SIZE" value="10737418240"><input type="hidden" name="stage" value="upload">' +
    '<table><tr><td><label for="f1">Archive:</label></td><td><input type="file" id="f1" name="update_archive"></td></tr>' +
    '<tr><td><label for="f2">Checksum:</label></td><td><input type="file" id="f2" name="update_checksum"></td></tr></table>' +
    '<input type="submit" name="go" value="Upload and Install"></form>'
  );
}

/** The posted offline form: both files are needed, the checksum must fit, the archive must be newer. */
export async function offlineUpdate(
  machine: Machine,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const busy = machine.world.appliance(machine.unitName).installing !== null;
  const received = busy ? 'An update is in progress already.' : await receiveUpdate(machine, request);
  if (typeof received !== 'string') return installAndReport(machine, received, response);
  sendPage(response, page(machine, title, failure(received) + offlineForm()));
}

/** What is to be installed, or why nothing is. */
async function receiveUpdate(machine: Machine, request: IncomingMessage): Promise<UpdateContents | string> {
  try {
    const form = await receiveForm(request, machine, machine.signal);
    try {
      const archive = form.files.find((file) => file.field === 'update_archive');
      const checksum = form.files.find((file) => file.field === 'update_checksum');
      if (!archive?.filename || !checksum?.filename) return 'Select both the archive and the checksum file.';
      if (!(await matchesChecksum(archive, checksum))) {
        return 'The checksum does not match the archive. The update was not installed.';
      }
      const contents = await readContents(archive.path);
      return contents ? (refusal(machine, contents) ?? contents) : 'The archive is not a valid update archive.';
    } finally {
      await form.remove();
    }
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return 'No space left on device. The update was not installed.';
  }
}

/** The posted online form. No real download: practice has the same contents at hand. */
export async function onlineUpdate(machine: Machine, response: ServerResponse): Promise<void> {
  const { offeredVersion, installing } = machine.world.appliance(machine.unitName);
  if (offeredVersion === null || installing) {
    return sendPage(response, page(machine, title, failure('No update can be installed now.')));
  }
  const contents = { version: offeredVersion, restarts: ['heartbeat', 'haproxy'], appliance: false };
  await installAndReport(machine, contents, response);
}

/** The page is sent bit by bit while the update runs; a client that leaves does not stop it. */
async function installAndReport(machine: Machine, contents: UpdateContents, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.write(`${pageHead(machine, title)}<p>${doNotLeave}</p><p>Installing ${escapeHtml(contents.version)}</p>`);
  await install(machine, contents, (percent) => {
    if (response.writable) response.write(`<p class="progress">${percent} %</p>\n`);
  });
  response.end(
    information('Update completed successfully. <a href="/lbadmin/">Return to system overview</a>.') +
      commitChanges(machine) +
      pageFoot,
  );
}

export function sendPage(response: ServerResponse, html: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(html);
}
