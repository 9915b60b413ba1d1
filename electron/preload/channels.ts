/** The two messages between preload and main; everything else travels on the port. */
export const channels = { connect: 'evenkeel:connect', port: 'evenkeel:port' } as const;
