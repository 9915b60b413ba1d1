// One thing can reach a client under three numbers: as a number of winerror.h, as an HRESULT that wraps it
// (0x8007xxxx), or as the NTSTATUS of the security package. The table of faults knows the first.

const NTSTATUS: ReadonlyMap<number, number> = new Map([
  [0xc0000017, 8], // STATUS_NO_MEMORY
  [0xc0000022, 5], // STATUS_ACCESS_DENIED
  [0xc000005e, 1311], // STATUS_NO_LOGON_SERVERS
  [0xc0000061, 1314], // STATUS_PRIVILEGE_NOT_HELD
  [0xc0000064, 1317], // STATUS_NO_SUCH_USER
  [0xc000006a, 1326], // STATUS_WRONG_PASSWORD
  [0xc000006d, 1326], // STATUS_LOGON_FAILURE
  [0xc000006e, 1327], // STATUS_ACCOUNT_RESTRICTION
  [0xc000006f, 1328], // STATUS_INVALID_LOGON_HOURS
  [0xc0000070, 1329], // STATUS_INVALID_WORKSTATION
  [0xc0000071, 1330], // STATUS_PASSWORD_EXPIRED
  [0xc0000072, 1331], // STATUS_ACCOUNT_DISABLED
  [0xc0000133, 1398], // STATUS_TIME_DIFFERENCE_AT_DC
  [0xc000015b, 1385], // STATUS_LOGON_TYPE_NOT_GRANTED
  [0xc000018a, 1786], // STATUS_NO_TRUST_LSA_SECRET
  [0xc000018b, 1787], // STATUS_NO_TRUST_SAM_ACCOUNT
  [0xc000018c, 1788], // STATUS_TRUSTED_DOMAIN_FAILURE
  [0xc000018d, 1789], // STATUS_TRUSTED_RELATIONSHIP_FAILURE
  [0xc0000193, 1793], // STATUS_ACCOUNT_EXPIRED
  [0xc00000df, 1355], // STATUS_NO_SUCH_DOMAIN
  [0xc0000224, 1907], // STATUS_PASSWORD_MUST_CHANGE
  [0xc0000234, 1909], // STATUS_ACCOUNT_LOCKED_OUT
  [0xc0000418, 1937], // STATUS_NTLM_BLOCKED
]);

/** The number of winerror.h behind an HRESULT or NTSTATUS; others, those of WS-Management too, stay as they are. */
export function windowsNumber(code: number): number {
  if (code >= 0x80070000 && code <= 0x8007ffff) return code & 0xffff;
  return NTSTATUS.get(code) ?? code;
}
