/** What an operator can do, by what went wrong. Names of settings are those of `winrm get winrm/config`. */
export const Advice = {
  shells:
    'Too many remote shells of this account are open on the host (MaxShellsPerUser). They end when idle; close other ' +
    'remote sessions of the account or raise the limit.',
  operations:
    'Too many remote operations of this account are under way on the host (MaxConcurrentOperationsPerUser). Wait for ' +
    'them to end or raise the limit.',
  users: 'Too many accounts use remote shells on the host (MaxConcurrentUsers). Try again later or raise the limit.',
  processes: 'Too many processes were started in one remote shell (MaxProcessesPerShell). Raise the limit.',
  memory: 'The host has no memory left for a remote shell (MaxMemoryPerShellMB). Raise the limit or free memory.',
  share: 'The account has used up its share of requests on the host. Try again later.',
  busyHost: 'The host is handling too many requests. Try again later.',

  notAdministrator:
    'The account is not an administrator of the host, or its token is filtered: a local administrator other than the ' +
    'built-in one needs LocalAccountTokenFilterPolicy set to 1. A domain administrator is not affected.',
  shellsOff: 'Remote shells are switched off on the host (AllowRemoteShellAccess).',
  remoteOff: 'Remote access to the WinRM service is switched off on the host. Enable-PSRemoting switches it on.',

  wrongPassword: 'The user name, the domain or the password is wrong.',
  restricted: 'A restriction of the account stands in between, for example a blank password or a protected group.',
  hours: 'The account may not log in at this time of day.',
  workstation: 'The account may log in from named computers only.',
  passwordExpired: 'The password of the account has expired. Set a new one first.',
  disabled: 'The account is disabled.',
  logonRight: 'The account has no right to log in over the network (Access this computer from the network).',
  accountExpired: 'The account has expired.',
  mustChange: 'The password of the account must be changed before it can be used.',
  locked: 'The account is locked. An administrator can unlock it; otherwise it opens after the time set in the policy.',
  noDomainController: 'The host reaches no domain controller, or does not know the domain. Check the domain name.',
  trust: 'The trust between the host and its domain is broken. Repair it on the host, or use a local account.',
  clock: 'The clocks of the host and of its domain controller are too far apart. Set the time of the host.',
  ntlmBlocked: 'NTLM is blocked by policy on the host or in its domain.',
  /** A 401 says no more than that, so the causes are named in the order of their frequency. */
  refused:
    'Check user name, domain and password, and that the account is not locked. A host with CbtHardeningLevel Strict ' +
    'also refuses when something between here and it opens TLS; clocks more than 30 minutes apart can be a cause too.',

  shellGone: 'The remote shell was closed by the host: it was idle for too long or the service was restarted.',
  late: 'The host did not finish the operation in the time allowed.',
  serviceBroken: 'The WinRM service of the host is not healthy or is stopping. Restart it and look at its event log.',
  commandLine: 'The command line is too long for the host.',
  commandMissing: 'The program was not found on the host.',
  envelope: 'The message is larger than the host accepts (MaxEnvelopeSizekb, at least 150 is needed).',
  message: 'The host did not understand the message. Check that WinRM 3.0 or later answers on this port.',

  notListening:
    'Nothing answers on this port: WinRM is switched off, or the host listens for HTTPS only (port 5986) or for HTTP ' +
    'only (port 5985). On the host, `winrm enumerate winrm/config/listener` lists what it listens on.',
  notWinrm: 'The port answers, but not as a WinRM service: check port and path, and that the service runs.',
  unencrypted:
    'The host refused a message without encryption, or its service is not healthy. Nothing needs to be allowed: this ' +
    'client encrypts.',
  stopped: 'The web service of the host answers that WinRM is not available. Start the WinRM service.',
  unhealthy: 'Check that the WinRM service of the host is healthy.',
  offersNoNegotiate: 'Allow Negotiate in the WinRM service of the host (winrm get winrm/config/service/auth).',
  offersNoBasic: 'Basic is switched off in the WinRM service of the host, as it is by default. Use NTLM.',
  basicNeedsHttps: 'Use NTLM, or HTTPS on port 5986.',
  tls: 'The port may speak plain HTTP (5985), or both sides have no version of TLS in common.',
} as const;
