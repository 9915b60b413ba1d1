export { secretHandlers } from './handlers';
export { PassphraseKeystore, type PassphraseKeystoreOptions } from './passphrase-keystore';
export { ordinaryCost, type ScryptCost } from './seal';
export { SecretStore } from './secret-store';
