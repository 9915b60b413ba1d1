import { escapeXml as escapeHtml, type Machine } from '../appliance-server/index';

export { escapeHtml };

/** A page of the WebUI with its menu. The body is trusted HTML. */
export function page(machine: Machine, title: string, body: string): string {
  return `${pageHead(machine, title)}${body}${pageFoot}`;
}

/** The part before the body, for pages that are sent while work goes on. */
export function pageHead(machine: Machine, title: string): string {
  const unit = machine.world.appliance(machine.unitName);
  const links = menu.map(([path, text]) => `<li><a href="/lbadmin/${path}">${text}</a></li>`).join('');
  return (
    `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>` +
    `<div id="header"><span class="hostname">${escapeHtml(unit.name)}</span> ` +
    `<span class="role">${unit.role === 'primary' ? 'Primary' : 'Secondary'}</span> ` +
    `<span class="ha">${unit.ha === 'active' ? 'Active' : 'Passive'}</span> ` +
    `<span class="version">v${escapeHtml(unit.version)}</span></div>` +
    `<ul id="menu">${links}</ul><div id="content"><h1>${escapeHtml(title)}</h1>`
  );
}

export const pageFoot = '</div></body></html>\n';

const menu: readonly (readonly [string, string])[] = [
  ['', 'System Overview'],
  ['config/update.php?mnp=maint&amp;submnp=msu', 'Maintenance: Software Update'],
  ['config/backup.php?mnp=maint&amp;submnp=mbr', 'Maintenance: Backup &amp; Restore'],
  ['config/restart.php?mnp=maint&amp;submnp=mrs', 'Maintenance: Restart Services'],
  ['config/security.php?mnp=local&amp;submnp=lsec', 'Local Configuration: Security'],
  ['config/upgrade.php?mnp=local&amp;submnp=llk', 'Local Configuration: License Key'],
  ['config/support.php?mnp=support&amp;submnp=std', 'Support: Technical Support Download'],
];

/** Texts stand in `div.information.message div.text` [G][V]. */
export function information(html: string): string {
  return `<div class="information message"><div class="text">Information: ${html}</div></div>`;
}

export function failure(text: string): string {
  return `<div class="error message"><div class="text">Error: ${escapeHtml(text)}</div></div>`;
}

/** The "Commit changes" box: which services, or whether the whole unit, must be restarted [G]. */
export function commitChanges(machine: Machine): string {
  const unit = machine.world.appliance(machine.unitName);
  const services = unit.pendingRestarts.map(
    (name) =>
      `<form action="/lbadmin/config/restart.php?mnp=maint&amp;submnp=mrs" method="post">` +
      `<input type="hidden" name="restart" value="${name}">` +
      `<input type="submit" name="go" value="Restart ${name.charAt(0).toUpperCase()}${name.slice(1)}"></form>`,
  );
  const whole = unit.restartNeeded
    ? '<p>A full restart of the appliance is required.</p>' +
      '<form action="/lbadmin/config/power.php?mnp=maint&amp;submnp=mpw" method="post">' +
      '<input type="hidden" name="action" value="restart"><input type="submit" name="go" value="Restart Appliance"></form>'
    : '';
  if (!services.length && !whole) return '';
  return (
    '<div class="commit message"><div class="title">Commit changes</div>' +
    `<div class="text">${unit.pendingRestarts.length ? `Restart required: ${unit.pendingRestarts.join(', ')}` : ''}${whole}</div>` +
    `${services.join('')}</div>`
  );
}
