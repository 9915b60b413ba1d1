export { adaptersNamed } from '#shared/domain/direct-routing/operations';
export { resolveAdapter } from '#shared/domain/direct-routing/adapters';
export { configurationOf } from '#shared/domain/direct-routing/configuration';
