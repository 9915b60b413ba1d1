import type { StreamInput } from '#shared/contract/index';
import { typedHost, typedPort, typedSeconds } from './form-parts';

export type ApplianceTargetInput = StreamInput<'inventory.probeAppliance'>;

/** What is typed on the page that adds an appliance. Secrets live only here, and only as long as the page. */
export class ApplianceForm {
  host = $state('');
  name = $state('');
  /** The name was typed by a person: what the unit says of itself no longer changes it. */
  named = $state(false);
  site = $state('');
  sshPort = $state('22');
  webuiPort = $state('9443');
  snmpPort = $state('161');
  poll = $state('10');
  giveUp = $state('8');
  sshBy = $state<'key' | 'password' | 'none'>('key');
  sshUser = $state('root');
  sshPassword = $state('');
  keyName = $state('');
  privateKey = $state('');
  passphrase = $state('');
  webUser = $state('loadbalancer');
  webPassword = $state('');
  apiKey = $state('');
  apiUser = $state('');
  apiPassword = $state('');
  tags = $state.raw<readonly string[]>([]);
  sshPin = $state<string | null>(null);
  certificatePin = $state<string | null>(null);

  readonly typedHost = $derived(typedHost(this.host));
  readonly giveUpSeconds = $derived(typedSeconds(this.giveUp, 1, 120));
  readonly pollSeconds = $derived(typedSeconds(this.poll, 5, 3_600));

  /** What is wrong with the fields, by field; empty where they can be used. */
  readonly problems = $derived({
    host: this.host !== '' && this.typedHost === null ? 'This is neither a name nor an address.' : null,
    sshPort: this.sshBy !== 'none' && typedPort(this.sshPort) === null ? '1 to 65535' : null,
    webuiPort: typedPort(this.webuiPort) === null ? '1 to 65535' : null,
    snmpPort: this.snmpPort !== '' && typedPort(this.snmpPort) === null ? '1 to 65535, or empty' : null,
    poll: this.pollSeconds === null ? '5 to 3600 s' : null,
    giveUp: this.giveUpSeconds === null ? '1 to 120 s' : null,
  });

  /** What is probed and added; `null` while it cannot be asked. Without SSH nothing is drained and nothing proved on the wire. */
  target(ssh: boolean): ApplianceTargetInput | null {
    const webuiPort = typedPort(this.webuiPort);
    if (this.typedHost === null || webuiPort === null || this.giveUpSeconds === null) return null;
    if (this.problems.snmpPort !== null || (ssh && this.problems.sshPort !== null)) return null;
    return {
      host: this.typedHost,
      sshPort: ssh && this.sshBy !== 'none' ? typedPort(this.sshPort) : null,
      webuiPort,
      snmpPort: typedPort(this.snmpPort),
      ssh: ssh ? this.sshLogin() : null,
      webui:
        this.webUser !== '' && this.webPassword !== '' ? { username: this.webUser, password: this.webPassword } : null,
      api:
        this.apiUser !== '' && this.apiPassword !== ''
          ? { username: this.apiUser, password: this.apiPassword, key: this.apiKey === '' ? null : this.apiKey }
          : null,
      pins: { sshHostKey: ssh ? this.sshPin : null, certificate: this.certificatePin },
      giveUpSeconds: this.giveUpSeconds,
    };
  }

  /** Another host: what was confirmed for the last one says nothing of it. */
  forget(): void {
    this.sshPin = null;
    this.certificatePin = null;
    if (!this.named) this.name = '';
  }

  private sshLogin(): ApplianceTargetInput['ssh'] {
    if (this.sshUser === '') return null;
    if (this.sshBy === 'key' && this.privateKey !== '') {
      return {
        kind: 'key',
        username: this.sshUser,
        privateKey: this.privateKey,
        passphrase: this.passphrase === '' ? null : this.passphrase,
      };
    }
    if (this.sshBy === 'password' && this.sshPassword !== '') {
      return { kind: 'password', username: this.sshUser, password: this.sshPassword };
    }
    return null;
  }
}
