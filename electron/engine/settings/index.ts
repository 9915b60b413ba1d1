export { settingsHandlers } from './handlers';
export { SettingsStore } from './settings';
